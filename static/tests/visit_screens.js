// Opens every screen that the menus of the app offer to the user: each action, each of
// its views, the form of its first record and of a new one. Runs in the web client; what
// goes wrong is a console error that begins with the name of the screen.
(async () => {
    const {action, menu, orm, view} = odoo.__WOWL_DEBUG__.root.env.services;
    const {rpcBus} = odoo.loader.modules.get("@web/core/network/rpc");
    const {evaluateExpr} = odoo.loader.modules.get("@web/core/py_js/py");
    const {Domain} = odoo.loader.modules.get("@web/core/domain");
    const {user} = odoo.loader.modules.get("@web/core/user");
    const known = {...user.context, ...user.evalContext, uid: user.userId};
    const pending = new Set();
    let screen = "start";

    const say = console.error.bind(console);
    console.error = (...words) => say(`[${screen}]`, ...words);
    rpcBus.addEventListener("RPC:REQUEST", ({detail}) => pending.add(detail.data.id));
    rpcBus.addEventListener("RPC:RESPONSE", ({detail}) =>
        pending.delete(detail.data.id)
    );

    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));

    // Waits until the screen asks the server nothing more, then reads what it reports.
    async function settle() {
        let still = 0;
        for (let frame = 0; still < 3 && frame < 2000; frame++) {
            await nextFrame();
            still = pending.size ? 0 : still + 1;
        }
        for (const dialog of document.querySelectorAll(".o_error_dialog")) {
            console.error("shows an error:", dialog.innerText);
            dialog.querySelector(".modal-footer button, .btn-close")?.click();
        }
        for (const note of document.querySelectorAll(".o_notification .bg-danger")) {
            console.error("shows an alarm:", note.parentElement.innerText);
        }
    }

    async function visit(name, open) {
        screen = name;
        try {
            await open();
            await settle();
        } catch (error) {
            console.error("does not open:", error.message || error, error.stack || "");
        }
    }

    // Several menus lead to the same form: its record, and a new one with the same
    // values to begin with, are opened once.
    const opened = new Set();
    function isFirst(...what) {
        const key = JSON.stringify(what);
        return !opened.has(key) && opened.add(key);
    }

    async function visitRecords(name, loaded) {
        const {res_model: model, domain, context} = loaded;
        const [formId] = loaded.views.find(([, type]) => type === "form");
        const [first] = await orm.search(model, domain || [], {limit: 1, context});
        const isNewOffered = document.querySelector(
            ".o_list_button_add, .o-kanban-button-new, .o_form_button_create"
        );
        if (first && isFirst(model, formId, first)) {
            await visit(`${name} / a record`, () =>
                action.switchView("form", {resId: first})
            );
        }
        if (isNewOffered && isFirst(model, formId, context)) {
            await visit(`${name} / a new record`, () =>
                action.switchView("form", {resId: false})
            );
        }
    }

    // A filter or a grouping is only read when it is chosen: choose each one.
    async function visitFilters(
        name,
        {res_model: model, views, context, search_view_id}
    ) {
        const searchView = [search_view_id ? search_view_id[0] : false, "search"];
        const loaded = await view.loadViews({
            context: context || {},
            resModel: model,
            views: [searchView, ...views.filter(([, type]) => type === "list")],
        });
        const {arch} = loaded.views.search;
        const filters = new DOMParser()
            .parseFromString(arch, "text/xml")
            .querySelectorAll("filter");
        // All at once: none of them draws anything.
        await visit(`${name} / filters`, () =>
            Promise.all(
                [...filters].map((node) =>
                    choose(model, node, context || {}).catch(({message, data}) =>
                        console.error(
                            `filter ${node.getAttribute("name")}:`,
                            data?.message || message
                        )
                    )
                )
            )
        );
    }

    async function choose(model, node, context) {
        if (node.getAttribute("name") === "group_by_properties") {
            // No field, but a place where the web client lists the properties.
            return;
        }
        const text = node.getAttribute("domain");
        const chosen = evaluateExpr(node.getAttribute("context") || "{}", known);
        if (chosen.group_by) {
            const groups = [chosen.group_by].flat();
            await orm.formattedReadGroup(model, [], groups, ["__count"], {context});
            return;
        }
        const domain = text ? new Domain(text).toList(known) : [];
        await orm.searchCount(model, domain, {context: {...context, ...chosen}});
    }

    async function visitAction(name, actionId) {
        const loaded = await action.loadAction(actionId);
        await visit(name, () => action.doAction(actionId, {clearBreadcrumbs: true}));
        if (loaded.type !== "ir.actions.act_window" || loaded.target === "new") {
            await action.doAction({type: "ir.actions.act_window_close"});
            return;
        }
        const types = loaded.views.map(([, type]) => type);
        for (const type of types.slice(1)) {
            if (!["form", "search"].includes(type)) {
                await visit(`${name} / ${type}`, () => action.switchView(type));
            }
        }
        if (types.includes("form") && types[0] !== "form") {
            await visitRecords(name, loaded);
        }
        if (window.isFilterVisited) {
            await visitFilters(name, loaded);
        }
    }

    async function visitMenu(node, path) {
        const name = path ? `${path} > ${node.name}` : node.name;
        if (node.actionID && !node.childrenTree.length) {
            await visitAction(name, node.actionID);
            visited++;
        }
        for (const child of node.childrenTree) {
            await visitMenu(child, name);
        }
    }

    let visited = 0;
    const app = menu
        .getApps()
        .find(({xmlid}) => xmlid === "crm_real_estate.estate_menu_root");
    await settle();
    await visitMenu(menu.getMenuAsTree(app.id), "");
    screen = `after ${visited} menus`;
    if (visited < 8) {
        console.error("there are more menus than that");
    }
    console.log("test successful");
})();
