"""An agency at work: records of every kind for tests of databases, really committed."""

import base64

from odoo.fields import Command, Datetime

from .common import EstateCase


def fill(env):
    """Let an agency work for a while; return what must be there when we are gone."""
    agency = EstateCase()
    EstateCase.env = env(
        context={"no_reset_password": True, "mail_notify_force_send": False}
    )
    EstateCase._create_agency()
    EstateCase.agent.password = EstateCase.operator.password = "estate-agency-1"
    enquiries = _show_properties(agency)
    owners = _ring_owners(agency)
    _report(agency, enquiries[0])
    _receive(agency)
    kept = _be_an_admin(agency, enquiries[0])
    kept |= _lose_a_lead_of_odoo(agency)
    return kept | {"enquiries": enquiries.ids, "owners": owners.ids}


def _show_properties(agency):
    """Seekers ask, come or do not come, buy, rent or refuse."""
    leads = agency.env["crm.lead"]
    for deal in ("sale", "rent"):
        prop = agency._create_property(state="on_market", deal_type=deal, price=1000)
        for number in (2, 5, 9, 11):
            partner = agency._create_contact(f"Seeker {deal} {number}")
            lead = agency._create_seeker_lead(prop, partner)
            lead._move_to_phase(agency._phase(deal, number), "person")
            leads |= lead
    now = Datetime.now()
    agency._create_viewing(leads[0], start=Datetime.add(now, days=2))
    done = agency._create_viewing(leads[1], start=Datetime.subtract(now, days=2))
    agency.env["estate.viewing.outcome"].create(
        {"viewing_id": done.id, "state": "done", "feedback": "A long look"}
    ).action_apply()
    agency._create_viewing(
        leads[2], start=Datetime.subtract(now, days=1)
    ).action_no_show()
    agency._log(leads[0], "letter", summary="The plan of the flat")
    leads[0].message_post(body="We will call you", subtype_xmlid="mail.mt_comment")
    won = leads.filtered(lambda lead: lead.pipeline == "sale")[-1]
    won.action_set_won()
    reason = agency.env.ref("crm_real_estate.crm_lost_reason_enquiry_refused")
    leads.filtered(lambda lead: lead.pipeline == "rent")[-1].action_set_lost(
        lost_reason_id=reason.id
    )
    leads[0].partner_id.automatic_messages_allowed = False
    return leads


def _ring_owners(agency):
    """Owners are rung: nobody answers, one agrees, one refuses, one is on the way."""
    leads = agency.env["crm.lead"]
    for code in ("no_answer", "agreed", "refused", None):
        owner = agency._create_contact(f"Owner {code}")
        lead = agency._create_owner_lead(agency._create_property(owner_ids=owner))
        if code:
            lead.action_call_outcome(code, "What was said")
        leads |= lead
    return leads


def _report(agency, lead):
    """Make a report to an owner and attach something to the property."""
    today = Datetime.now().date()
    report = agency.env["estate.activity.report"].create(
        {
            "partner_id": lead.property_id.owner_ids.id,
            "property_ids": [Command.set(lead.property_id.ids)],
            "date_from": today.replace(day=1),
            "date_to": today,
        }
    )
    for record in (report, lead.property_id):
        agency.env["ir.attachment"].create(
            {
                "name": "Plan of the flat",
                "raw": b"Only a text",
                "res_model": record._name,
                "res_id": record.id,
            }
        )


def _receive(agency):
    """Mails and files arrive: at an address of ours and at the one of an office."""
    env = agency.env
    source = env["estate.intake.source"].create(
        {
            "name": "Portal",
            "kind": "mail",
            "alias_name": "portal",
            "team_id": agency.office.id,
        }
    )
    agency.office.write({"alias_name": "prague", "intake_source_id": source.id})
    files = env["estate.intake.source"].create(
        {"name": "Listings", "alias_name": "listings"}
    )
    upload = env["estate.intake.upload"].create(
        {
            "source_id": files.id,
            "content": base64.b64encode(b"<no/>"),
            "file_name": "a.xml",
        }
    )
    upload.action_store()
    env["mail.thread"].message_process(
        "estate.intake.message",
        "From: sam@example.com\nTo: prague@agency.example.com\nSubject: A flat\n"
        "Message-Id: <1@example.com>\n\nIs it still free?",
        custom_values={"source_id": source.id},
    )


def _be_an_admin(agency, lead):
    """Do what an admin does with our fields and models in Odoo's own screens."""
    env = agency.env
    lead_model = env["ir.model"]._get_id("crm.lead")
    vals = {"model_id": lead_model, "trigger": "on_create_or_write"}
    action = {
        "name": "Advance",
        "model_id": lead_model,
        "state": "code",
        "code": "True",
    }
    ours, others = env["base.automation"].create(
        [
            {
                **vals,
                "name": name,
                "filter_domain": domain,
                "action_server_ids": [Command.create(dict(action))],
            }
            for name, domain in (
                ("Seekers", "[('lead_role', '=', 'seeker')]"),
                ("Rich people", "[('expected_revenue', '>', 1000)]"),
            )
        ]
    )
    favourite, other_favourite, _own = env["ir.filters"].create(
        [
            {
                "name": "Owners",
                "model_id": "crm.lead",
                "domain": "[('lead_role','=','owner')]",
            },
            {
                "name": "Mine",
                "model_id": "crm.lead",
                "domain": "[('user_id', '=', uid)]",
            },
            {"name": "Free", "model_id": "estate.property", "domain": "[]"},
        ]
    )
    env["ir.exports"].create({"name": "For the papers", "resource": "estate.property"})
    env["ir.config_parameter"].set_param("crm_real_estate.example", "1")
    env["crm.stage"].create(
        {
            "name": "Key is lent",
            "pipeline": "sale",
            "phase_number": 15,
            "win_percent": 50,
            "sequence": 1003,
        }
    )
    model = env["ir.model"]._get_id("estate.property")
    meeting = env["calendar.event"].create(
        {
            "name": "Look at the roof",
            "start": Datetime.now(),
            "stop": Datetime.add(Datetime.now(), hours=1),
            "res_model_id": model,
            "res_id": lead.property_id.id,
        }
    )
    lead.property_id.activity_schedule("mail.mail_activity_data_todo", summary="Photos")
    lead.property_id.message_post(body="The roof leaks")
    return {
        "meeting": meeting.id,
        "stopped": {"base.automation": ours.id, "ir.filters": favourite.id},
        "working": {"base.automation": others.id, "ir.filters": other_favourite.id},
    }


def _lose_a_lead_of_odoo(agency):
    """An own lead of Odoo is lost for a reason that we brought."""
    reason = agency.env.ref("crm_real_estate.crm_lost_reason_wrong_number")
    lead = agency.env["crm.lead"].create({"name": "Odoo's own", "type": "opportunity"})
    lead.action_set_lost(lost_reason_id=reason.id)
    return {"lost": lead.id}
