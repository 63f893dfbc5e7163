import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {downloadFile} from "@web/core/network/download";
import {useService} from "@web/core/utils/hooks";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {Component, onMounted, useRef, useState} from "@odoo/owl";

import {AreaEditor} from "./area_editor";
import {readGeoJson, toGeoJson} from "./area_geometry";
import {AreaMap} from "./area_map";

const MOST_TERRITORIES = 300;
const MOST_PROPERTIES = 2000;
const NOTHING = [];

/**
 * Draws the area of a territory: parts and holes, by mouse, finger or keys, or from a
 * GeoJSON file. Other territories and the properties are shown for orientation.
 */
export class AreaField extends Component {
    static template = "crm_real_estate.AreaField";
    static components = {AreaMap};
    static props = {...standardFieldProps};

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.file = useRef("file");
        this.editor = useState(new AreaEditor());
        this.state = useState({others: NOTHING, points: NOTHING, fitCount: 0});
        useRecordObserver((record) => this.read(record.data[this.props.name]));
        onMounted(() => this.loadSurroundings());
    }

    // === RECORD ===

    /**
     * Takes over what stands on the record, unless it is what was drawn here.
     */
    read(value) {
        if (JSON.stringify(value || false) !== JSON.stringify(this.written)) {
            this.written = value || false;
            this.editor.load(readGeoJson(value));
        }
    }

    write() {
        this.written = toGeoJson(this.editor.parts);
        return this.props.record.update({[this.props.name]: this.written});
    }

    async loadSurroundings() {
        const {resId, resModel} = this.props.record;
        const [territories, properties] = await Promise.all([
            this.orm.searchRead(
                resModel,
                [
                    [this.props.name, "!=", false],
                    ["id", "!=", resId || 0],
                ],
                ["display_name", this.props.name],
                {limit: MOST_TERRITORIES}
            ),
            this.orm.searchRead(
                "estate.property",
                ["|", ["latitude", "!=", 0], ["longitude", "!=", 0]],
                ["longitude", "latitude"],
                {limit: MOST_PROPERTIES, order: "id desc"}
            ),
        ]);
        this.state.others = territories.map((territory) => ({
            id: territory.id,
            name: territory.display_name,
            parts: readGeoJson(territory[this.props.name]),
        }));
        this.state.points = properties.map(({longitude, latitude}) => [
            longitude,
            latitude,
        ]);
    }

    // === BUTTONS ===

    finish() {
        if (this.editor.finishDraft()) {
            this.write();
        } else {
            this.tellHoleOutside();
        }
    }

    undo() {
        this.editor.undo();
        this.write();
    }

    redo() {
        this.editor.redo();
        this.write();
    }

    removePoint() {
        this.editor.removeSelected();
        this.write();
    }

    removeRing() {
        this.editor.removeSelectedRing();
        this.write();
    }

    tellHoleOutside() {
        this.notification.add(
            _t("A hole must begin inside of a part. Draw it there, or cancel it."),
            {type: "warning"}
        );
    }

    // === SELECTED POINT ===

    get position() {
        return this.editor.getPosition(this.editor.selected);
    }

    onCoordinate(index, limit, ev) {
        const degrees = Number(ev.target.value.replace(",", "."));
        if (ev.target.value.trim() && Math.abs(degrees) <= limit) {
            this.editor.moveSelected(this.position.with(index, degrees));
            this.write();
        } else {
            ev.target.value = this.position[index];
        }
    }

    // === FILES ===

    async onFile(ev) {
        const [file] = ev.target.files;
        let parts = [];
        try {
            parts = readGeoJson(await file.text());
        } catch {
            // Said below, like a file without polygons.
        }
        ev.target.value = "";
        if (!parts.length) {
            this.notification.add(
                _t(
                    "%(file)s holds no area. Choose a GeoJSON file with Polygon or MultiPolygon.",
                    {file: file.name}
                ),
                {type: "danger"}
            );
            return;
        }
        this.editor.cancelDraft();
        this.editor.change([...this.editor.parts, ...parts]);
        this.state.fitCount++;
        await this.write();
    }

    export() {
        const {data} = this.props.record;
        const feature = {
            type: "Feature",
            properties: {name: data.name || ""},
            geometry: toGeoJson(this.editor.parts),
        };
        downloadFile(
            JSON.stringify(feature),
            `${data.name || "area"}.geojson`,
            "application/geo+json"
        );
    }
}

registry.category("fields").add("estate_area", {
    component: AreaField,
    displayName: _t("Area on a map"),
    supportedTypes: ["json"],
});
