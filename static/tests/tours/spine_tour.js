import {rpc} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

import {seeCard} from "./tour_checks";

const tours = registry.category("web_tour.tours");
const NO_DIALOG = {trigger: "body:not(:has(.modal))"};

async function readListing() {
    const [file] = await rpc("/web/dataset/call_kw/ir.attachment/search_read", {
        model: "ir.attachment",
        method: "search_read",
        args: [[["name", "=", "spine_listing.xml"]], ["raw"]],
        kwargs: {},
    });
    return new File([file.raw], "listing.xml", {type: "text/xml"});
}

tours.add("estate_spine_upload", {
    steps: () => [
        ...stepUtils.statusbarButtonsSteps("Upload a file", "a file from a portal"),
        {
            trigger: ".modal [name=content] input[type=file]:not(:visible)",
            async run() {
                const transfer = new DataTransfer();
                transfer.items.add(await readListing());
                this.anchor.files = transfer.files;
                this.anchor.dispatchEvent(new Event("change", {bubbles: true}));
            },
        },
        {
            content: "the file is chosen",
            trigger: ".modal [name=content] input:value(listing.xml)",
        },
        {
            trigger: ".modal button[name=action_store]",
            run: "click",
        },
        {
            content: "what became of it is told",
            trigger: ".o_form_view [name=done_count]:contains(1)",
        },
    ],
});

tours.add("estate_spine_agreed", {
    steps: () => [
        seeCard("Anna Owner"),
        {
            trigger: ".o_estate_outcome[data-code=agreed]",
            run: "click",
        },
        {
            trigger: ".modal [name=living_area] input",
            run: "edit 71 && press Tab",
        },
        {
            trigger: ".modal button[name=action_finish]",
            run: "click",
        },
        {
            trigger: ".o_notification:contains(takes over)",
        },
    ],
});

tours.add("estate_spine_market", {
    steps: () => [
        ...stepUtils.statusbarButtonsSteps("Put on the market", "it is ours now"),
        {
            trigger: ".o_arrow_button_current:contains(On the market)",
        },
    ],
});

tours.add("estate_spine_enquiry", {
    steps: () => [
        {
            trigger: "[data-box=enquiries] .o_estate_box_row:contains(Sam Seeker)",
            run: "click",
        },
        ...stepUtils.statusbarButtonsSteps("Answer", "the agent writes back"),
        {
            trigger: ".modal .o_mail_send:enabled",
            run: "click",
        },
        NO_DIALOG,
        {
            trigger: ".o_data_row:contains(Phase moved):contains(to Answered)",
        },
        ...stepUtils.statusbarButtonsSteps("Send documentation", "then the brochure"),
        {
            trigger: ".modal .o_mail_send:enabled",
            run: "click",
        },
        NO_DIALOG,
        {
            trigger:
                ".o_data_row:contains(Phase moved):contains(to Documentation sent)",
        },
        ...stepUtils.statusbarButtonsSteps("Plan a viewing", "and shows the house"),
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        NO_DIALOG,
    ],
});

tours.add("estate_spine_viewing", {
    steps: () => [
        {
            trigger: ".o_estate_viewing:contains(Sam Seeker) .o_estate_done",
            run: "click",
        },
        {
            trigger: ".modal [name=feedback] textarea",
            run: "edit They liked the light",
        },
        {
            trigger: ".modal [name=owner_comment] textarea",
            run: "edit We suggest to keep the price",
        },
        {
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            trigger: ".o_estate_viewing[data-state=done]:contains(Sam Seeker)",
        },
    ],
});

tours.add("estate_spine_board", {
    steps: () => [
        {
            trigger: "button[name=action_open_board]",
            run: "click",
        },
        {
            content: "dragging moves to the next phase",
            trigger:
                ".o_kanban_group:has(:contains(First viewing)) .o_kanban_record:contains(Sam Seeker)",
            async run({drag_and_drop: dragAndDrop}) {
                this.anchor.closest(".o_renderer").scrollLeft += 900;
                await dragAndDrop(
                    ".o_kanban_group:has(.o_column_title:contains(Second viewing))"
                );
            },
        },
        {
            trigger:
                ".o_kanban_group:has(.o_column_title:contains(Second viewing)) .o_kanban_record:contains(Sam Seeker)",
        },
    ],
});

tours.add("estate_spine_report", {
    steps: () => [
        {
            trigger: ".o_form_view :contains(We suggest to keep the price)",
        },
        ...stepUtils.statusbarButtonsSteps("Send now", "the owner hears of it"),
        {
            trigger: ".modal .btn-primary:contains(Send)",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains(Sent)",
        },
    ],
});
