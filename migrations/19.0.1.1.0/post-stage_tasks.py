"""What came with the product gets the fields that its data have gained."""

from lxml import etree

from odoo import SUPERUSER_ID, api
from odoo.tools import file_open

# file -> field that tells whether an admin or this script was here already
GAINED = {
    "data/crm_stage.xml": "next_task_type_id",
    "data/estate_calling_rule.xml": "needs_consent",
}
FIELDS = (
    *("next_task_type_id", "next_task_hours", "next_task_for", "next_task_summary"),
    *("public_holidays", "silence_days", "needs_consent", "consent_lifts_hours"),
)


# Types of tasks that there were, and that only members see; then those that are new.
OLD_TYPES = ("first_call", "appointment", "answer")
NEW_TYPES = (
    *("follow_up", "valuation", "documents"),
    *("viewing", "decision", "paperwork"),
)


def migrate(cr, version):
    """Fill in the new fields of shipped records; what an admin set stays."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    _hide_new_types(env)
    for path, told in GAINED.items():
        with file_open(f"crm_real_estate/{path}", "rb") as handle:
            elements = etree.parse(handle).findall("record")
        for element in elements:
            record = _find(env, element.get("id"))
            if record and told in record and not record[told]:
                record.write(_read(env, element))


def _hide_new_types(env):
    """Let members alone see the new types of tasks, as the old ones."""
    rule = _find(env, "mail_activity_type_rule_members")
    old = [_find(env, f"mail_activity_type_{name}") for name in OLD_TYPES]
    new = [_find(env, f"mail_activity_type_{name}") for name in NEW_TYPES]
    if rule and all(old):
        ids = [kind.id for kind in old]
        more = ids + [kind.id for kind in new if kind]
        rule.domain_force = rule.domain_force.replace(str(ids), str(more))


def _find(env, name):
    return env.ref(f"crm_real_estate.{name}", raise_if_not_found=False)


def _read(env, element):
    """Return the values of the new fields in a `record` element."""
    values = {}
    for field in element.findall("field"):
        name = field.get("name")
        if name not in FIELDS:
            continue
        if field.get("ref"):
            values[name] = (_find(env, field.get("ref")) or env["res.users"]).id
        else:
            values[name] = field.get("eval") or (field.text or "").strip()
    return values
