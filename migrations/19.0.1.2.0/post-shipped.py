"""What an update does not create by itself: what an admin may delete for good."""

from lxml import etree

from odoo import SUPERUSER_ID, api
from odoo.tools import convert_file, file_open

MODULE = "crm_real_estate"
# Never made again by an update: an admin may have deleted them. Mails before rules.
FILES = (
    "data/estate_contact_requirement.xml",
    "data/estate_refusal_reason.xml",
    "data/mail_template_alert.xml",
    "data/mail_template_seekers.xml",
    "data/digest.xml",
    "data/base_automation_opt_out.xml",
    "data/base_automation_responder.xml",
    "data/base_automation_events.xml",
)


def migrate(cr, version):
    """Make what is new; what an admin set stays."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for path in FILES:
        if not any(_find(env, record.get("id")) for record in _read(path)):
            convert_file(env, MODULE, path, {}, mode="init", noupdate=True)
    _set_days(env)


def _set_days(env):
    """Let our phases say when a lead is stale, unless somebody said it for one."""
    phases = env["crm.stage"].search([("pipeline", "!=", False)])
    if any(phases.mapped("rotting_threshold_days")):
        return
    for record in _read("data/crm_stage.xml"):
        days = record.find("field[@name='rotting_threshold_days']")
        phase = _find(env, record.get("id"))
        if phase and days is not None:
            phase.rotting_threshold_days = int(days.get("eval"))


def _read(path):
    """Return the records of a file of the module."""
    with file_open(f"{MODULE}/{path}", "rb") as handle:
        return etree.parse(handle).findall("record")


def _find(env, name):
    return env.ref(f"{MODULE}.{name}", raise_if_not_found=False)
