"""What is offered to members only has grown: the rules that say so hide that, too."""

import re

from odoo import SUPERUSER_ID, api

MODULE = "crm_real_estate"
# rule -> what this version brings of its model
NEW = {
    "mail_activity_type_rule_members": (
        *("mail_activity_type_vendor", "mail_activity_type_owner_news"),
        "mail_activity_type_owner_question",
    ),
    "mail_template_rule_members": (
        *("mail_template_offer", "mail_template_search_expiry"),
        *("mail_template_responder", "mail_template_viewing_invitation"),
        *("mail_template_viewing_called_off", "mail_template_viewing_feedback"),
        *("mail_template_group_viewing", "mail_template_event", "mail_template_alert"),
    ),
}
# The list that the shipped rules end with.
HIDDEN = re.compile(r"(\('id', 'not in', \[)([\d, ]*)(\]\))")


def migrate(cr, version):
    """Add our new records to the lists; what else an admin wrote in a rule stays."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for rule_name, names in NEW.items():
        rule = env.ref(f"{MODULE}.{rule_name}", raise_if_not_found=False)
        if rule:
            rule.domain_force = _hide(rule.domain_force or "", _find_ids(env, names))


def _find_ids(env, names):
    """Return the ids of those of our records that there are."""
    known = env["ir.model.data"].search(
        [("module", "=", MODULE), ("name", "in", names)], order="id"
    )
    return known.mapped("res_id")


def _hide(domain, ids):
    """Return the text of a rule's domain with more ids in the list of what it hides."""

    def grow(match):
        listed = [int(number) for number in re.findall(r"\d+", match[2])]
        more = [number for number in ids if number not in listed]
        return f"{match[1]}{', '.join(map(str, listed + more))}{match[3]}"

    return HIDDEN.sub(grow, domain, count=1)
