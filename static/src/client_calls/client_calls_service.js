import {registry} from "@web/core/registry";
import {user} from "@web/core/user";

const MEMBERS = ["crm_real_estate.group_operator", "crm_real_estate.group_agent"];

/**
 * Alt+Shift+K opens the desk for calls from every screen; for people outside the real
 * estate business the keys do nothing.
 */
export const clientCallsService = {
    dependencies: ["action", "hotkey"],
    start(env, {action, hotkey}) {
        const open = async () => {
            const belongs = await Promise.all(
                MEMBERS.map((name) => user.hasGroup(name))
            );
            if (belongs.includes(true)) {
                await action.doAction("crm_real_estate.action_client_calls", {
                    clearBreadcrumbs: true,
                });
            }
        };
        hotkey.add("alt+shift+k", open, {
            global: true,
            bypassEditableProtection: true,
        });
    },
};

registry.category("services").add("estate_client_calls", clientCallsService);
