"""What an update does not create by itself: rules, and who sees the new templates."""

import re

from lxml import etree

from odoo import SUPERUSER_ID, api
from odoo.tools import convert_file, file_open

MODULE = "crm_real_estate"
# Automated actions are never made again by an update: an admin may have deleted them.
FILES = (
    "data/base_automation_responder.xml",
    "data/base_automation_events.xml",
)
TEMPLATES = (
    *("mail_template_responder", "mail_template_viewing_invitation"),
    *("mail_template_viewing_called_off", "mail_template_viewing_feedback"),
    *("mail_template_group_viewing", "mail_template_event"),
)


def migrate(cr, version):
    """Make the new automated actions; what an admin set stays."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for name in FILES:
        convert_file(env, MODULE, name, {}, mode="init", noupdate=True)
    _hide_new_templates(env)
    _set_days(env)


def _set_days(env):
    """Let our phases say when a lead is stale, unless somebody said it for one."""
    phases = env["crm.stage"].search([("pipeline", "!=", False)])
    if any(phases.mapped("rotting_threshold_days")):
        return
    with file_open(f"{MODULE}/data/crm_stage.xml", "rb") as handle:
        records = etree.parse(handle).findall("record")
    for record in records:
        days = record.find("field[@name='rotting_threshold_days']")
        phase = env.ref(f"{MODULE}.{record.get('id')}", raise_if_not_found=False)
        if phase and days is not None:
            phase.rotting_threshold_days = int(days.get("eval"))


def _hide_new_templates(env):
    """Let members alone see the new mail templates, as the old ones."""
    rule = env.ref(f"{MODULE}.mail_template_rule_members", raise_if_not_found=False)
    found = rule and re.search(r"'not in', \[([\d, ]+)\]", rule.domain_force)
    if not found:
        return
    ids = {int(number) for number in found[1].split(",")}
    for name in TEMPLATES:
        template = env.ref(f"{MODULE}.{name}", raise_if_not_found=False)
        ids |= set(template.ids if template else ())
    domain = rule.domain_force.replace(found[0], f"'not in', {sorted(ids)}")
    if domain != rule.domain_force:
        rule.domain_force = domain
