import {loadCSS, loadJS} from "@web/core/assets";
import {session} from "@web/session";
import {
    Component,
    onMounted,
    onWillUnmount,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";

import {TILE} from "./viewport";

const LIBRARY = "/crm_real_estate/static/lib/leaflet/leaflet";
// Beyond it pictures are enlarged: few providers have more.
const MOST_DETAIL = 19;
// Only the drawing above moves the map: by mouse, finger and keys.
const STILL = {
    attributionControl: false,
    boxZoom: false,
    doubleClickZoom: false,
    dragging: false,
    fadeAnimation: false,
    keyboard: false,
    scrollWheelZoom: false,
    touchZoom: false,
    zoomAnimation: false,
    zoomControl: false,
    zoomSnap: 0,
};

/**
 * The pictures of a map under an area, where an admin has named a provider and Leaflet
 * is there. They follow the viewport of the drawing.
 */
export class MapTiles extends Component {
    static template = "crm_real_estate.MapTiles";
    static props = {view: Object};

    setup() {
        this.place = useRef("place");
        this.view = useState(this.props.view);
        onMounted(() => this.load());
        onWillUnmount(() => {
            this.isGone = true;
            this.map?.remove();
        });
        useEffect(
            () => this.show(),
            () => {
                const {x, y, scale, width, height} = this.view;
                return [x, y, scale, width, height];
            }
        );
    }

    async load() {
        try {
            await Promise.all([loadCSS(`${LIBRARY}.css`), loadJS(`${LIBRARY}.js`)]);
        } catch (error) {
            console.warn("The map library did not come; areas stay on a grid.", error);
            return;
        }
        if (this.isGone) {
            return;
        }
        const {map, tileLayer} = window.L;
        this.map = map(this.place.el, STILL);
        this.show();
        const {tiles} = session.estate_map;
        tileLayer(tiles, {maxNativeZoom: MOST_DETAIL, maxZoom: 30}).addTo(this.map);
    }

    show() {
        const {width, height, scale} = this.view;
        Object.assign(this.place.el.style, {
            width: `${width}px`,
            height: `${height}px`,
        });
        const [longitude, latitude] = this.view.toPosition([width / 2, height / 2]);
        this.map?.invalidateSize({animate: false, pan: false});
        this.map?.setView([latitude, longitude], Math.log2(scale / TILE), {
            animate: false,
        });
    }
}
