import {registry} from "@web/core/registry";

import {checkFits} from "./tour_checks";

const tours = registry.category("web_tour.tours");

tours.add("estate_call_figures", {
    steps: () => [
        {
            content: "the funnel of this month is open",
            trigger:
                ".o_estate_funnel_step[data-step=processed]:contains(1):contains(50)",
        },
        {
            content: "a result is written, not only coloured",
            trigger: "[name=line_ids]:contains(Operator):contains(Fail)",
        },
        checkFits(".o_estate_funnel_step"),
        {
            content: "a step opens the leads it counts",
            trigger: ".o_estate_funnel_step[data-step=processed]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains(Dlouhá)",
        },
    ],
});
