import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";
import {Component, useState} from "@odoo/owl";

import {readGeoJson} from "./area_geometry";
import {AreaMap} from "./area_map";

/**
 * Shows where a property lies, inside of the areas of its territories.
 */
export class PropertyMap extends Component {
    static template = "crm_real_estate.PropertyMap";
    static components = {AreaMap};
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.state = useState({territories: []});
        useRecordObserver((record) => this.load(record.data.territory_ids.currentIds));
    }

    get mark() {
        const {latitude, longitude} = this.props.record.data;
        return latitude || longitude ? [longitude, latitude] : null;
    }

    async load(ids) {
        const wanted = ids.filter(Number.isInteger);
        if (String(wanted) === String(this.loaded)) {
            return;
        }
        this.loaded = wanted;
        const territories = wanted.length
            ? await this.orm.read("estate.territory", wanted, ["display_name", "area"])
            : [];
        if (this.loaded === wanted) {
            this.state.territories = territories.map(({id, display_name, area}) => ({
                id,
                name: display_name,
                parts: readGeoJson(area),
            }));
        }
    }
}

registry.category("view_widgets").add("estate_property_map", {
    component: PropertyMap,
    fieldDependencies: [
        {name: "latitude", type: "float"},
        {name: "longitude", type: "float"},
        {name: "territory_ids", type: "many2many"},
    ],
});
