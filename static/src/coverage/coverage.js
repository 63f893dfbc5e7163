import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {KeepLast} from "@web/core/utils/concurrency";
import {useService} from "@web/core/utils/hooks";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {Component, onWillStart, useState} from "@odoo/owl";

const {Info} = luxon;

/**
 * The week as a heat map: when enquiries come in, and what closed hours cost.
 */
export class CoverageMap extends Component {
    static template = "crm_real_estate.CoverageMap";
    static components = {Layout};
    static props = {...standardActionServiceProps};
    static displayName = _t("Coverage map");

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.display = {controlPanel: {}};
        this.weekdays = Info.weekdays("short");
        this.periods = [30, 90, 365];
        this.state = useState({
            teamId: false,
            days: 90,
            pipeline: false,
            map: {cells: [], offices: []},
        });
        onWillStart(() => this.load());
    }

    async load() {
        const {teamId, days, pipeline} = this.state;
        this.state.map = await this.keepLast.add(
            this.orm.call("estate.coverage", "get_map", [teamId, days, pipeline])
        );
    }

    /**
     * @param {"teamId"|"days"|"pipeline"} name
     * @param {String} value of the option that was chosen
     * @returns {Promise}
     */
    choose(name, value) {
        this.state[name] =
            name === "pipeline" ? value || false : Number(value) || false;
        return this.load();
    }

    get summary() {
        const {arrivals, waited, cost} = this.state.map;
        return _t(
            "%(waited)s of %(arrivals)s enquiries came while closed and waited %(cost)s for the next opening.",
            {arrivals, waited, cost: this.formatCost(cost || 0)}
        );
    }

    get rows() {
        return Array.from({length: 24}, (_nothing, hour) => ({
            hour,
            name: String(hour).padStart(2, "0"),
            cells: this.state.map.cells.filter((cell) => cell.hour === hour),
        }));
    }

    get most() {
        return Math.max(1, ...this.state.map.cells.map((cell) => cell.arrivals));
    }

    get mostCost() {
        return Math.max(1, ...this.state.map.cells.map((cell) => cell.cost));
    }

    /**
     * Open hours are the bluer the more comes in, closed ones the redder the more it
     * costs.
     *
     * @param {Object} cell
     * @returns {String}
     */
    getStyle(cell) {
        const isOpen = cell.staffed >= 0.5;
        const share = isOpen
            ? cell.arrivals / this.most
            : Math.max(cell.arrivals / this.most, cell.cost / this.mostCost);
        const color = isOpen ? "31, 90, 133" : "192, 57, 43";
        return `background-color: rgba(${color}, ${(0.75 * share).toFixed(2)})`;
    }

    getHint(cell) {
        return _t(
            "%(arrivals)s enquiries, %(staffed)s staffed, %(cost)s minutes waited for the next opening",
            {
                arrivals: cell.arrivals,
                staffed: `${Math.round(100 * cell.staffed)}%`,
                cost: Math.round(cell.cost),
            }
        );
    }

    formatCost(minutes) {
        return minutes >= 600
            ? _t("%s h", Math.round(minutes / 60))
            : _t("%s min", Math.round(minutes));
    }
}

registry.category("actions").add("estate_coverage", CoverageMap);
