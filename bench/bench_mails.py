"""Mails of one portal in one hour: each is an enquiry, and Odoo's own alias beside it.

Usage: ./dev bench mails [--quick]. Portals write all mails from one address, and Odoo
takes 20 of an address in two hours: the others it bounces to the portal. The same mails
go through Odoo's gateway to an office of ours and to a sales team of Odoo's.
"""

import sys
from contextlib import contextmanager
from email.message import EmailMessage
from unittest.mock import patch

from measure import Stopwatch, environment, result, table

MAILS = 500
DOMAIN = "agency.example.com"
PORTAL = "Portal One <noreply@portal.example.com>"


def prepare(env):
    """Return (the inbox, a property on the market) and a sales team's address beside.

    The mails go to `office@` and `sales@` of the agency's domain.
    """
    env["mail.alias.domain"].search([("name", "=", DOMAIN)]).unlink()
    env.company.alias_domain_id = env["mail.alias.domain"].create({"name": DOMAIN})
    domain = {"alias_domain_id": env.company.alias_domain_id.id}
    agents = [
        {
            "name": f"Agent {number}",
            "login": f"bench-agent-{number}",
            "email": f"agent{number}@{DOMAIN}",
            "group_ids": [(6, 0, env.ref("crm_real_estate.group_agent").ids)],
        }
        for number in range(4)
    ]
    users = env["res.users"].with_context(no_reset_password=True).create(agents)
    office = env["crm.team"].create({"name": "Office", "is_estate_office": True})
    env["crm.team.member"].create(
        [{"crm_team_id": office.id, "user_id": user.id} for user in users]
    )
    inbox = env["estate.intake.source"].create(
        {"name": "Portal", "kind": "mail", "team_id": office.id}
    )
    office.write({"alias_name": "office", "intake_source_id": inbox.id, **domain})
    sales = env["crm.team"].create({"name": "Sales", "use_leads": True})
    sales.write({"alias_name": "sales", **domain})
    prop = env["estate.property"].create(
        {"name": "Flat", "deal_type": "sale", "state": "on_market", "price": 5_000_000}
    )
    prop.write({"agent_id": users[0].id, "team_id": office.id})
    return inbox, prop


def write_mails(prop, count, to):
    """Yield mails of seekers who ask about a property, all sent by one portal."""
    for number in range(count):
        mail = EmailMessage()
        mail["From"], mail["To"] = PORTAL, f"{to}@{DOMAIN}"
        mail["Reply-To"] = f"Seeker {number} <seeker{number}@example.com>"
        mail["Subject"] = f"Enquiry {prop.reference}"
        mail["Message-ID"] = f"<{to}-{number}@portal.example.com>"
        mail.set_content(f"Is {prop.reference} still free? Question {number}.")
        yield mail.as_bytes()


@contextmanager
def no_mail_leaves():
    """Count what would be sent to whoever wrote, and send nothing."""
    bounced = []

    def send(mails, *_args, **_kwargs):
        bounced.extend(
            mail for mail in mails if "noreply@portal" in (mail.email_to or "")
        )

    with patch("odoo.addons.mail.models.mail_mail.MailMail.send", send):
        yield bounced


def deliver(env, mails):
    """Hand mails to Odoo's gateway; return how many of them were bounced."""
    with no_mail_leaves() as bounced:
        for raw in mails:
            env["mail.thread"].message_process("crm.lead", raw)
        env.flush_all()
    return len(bounced)


def run(env, count):
    """Deliver `count` mails to both; return the figures of both.

    :return: (kept in the inbox, worked off, Odoo's own) as stopwatches, leads of Odoo's
        team, mails that it bounced
    """
    inbox, prop = prepare(env)
    with Stopwatch(env) as kept:
        bounced = deliver(env, write_mails(prop, count, "office"))
    messages = env["estate.intake.message"].search([("source_id", "=", inbox.id)])
    assert (len(messages), bounced) == (count, 0), (len(messages), bounced)
    with Stopwatch(env) as worked, no_mail_leaves():
        for message in messages.sorted("id"):
            message._process()
    leads = env["crm.lead"].search([("intake_source_id", "=", inbox.id)])
    assert set(messages.mapped("state")) == {"done"}, messages.mapped("error")
    assert len(leads) == len(leads.partner_id) == len(leads.activity_ids) == count
    assert leads.property_id == prop
    with Stopwatch(env) as odoo:
        bounced = deliver(env, write_mails(prop, count, "sales"))
    theirs = env["crm.lead"].search_count([("team_id.name", "=", "Sales")])
    return kept, worked, odoo, theirs, bounced


def main(arguments):
    count = MAILS // 10 if "--quick" in arguments else MAILS
    with environment() as env:
        kept, worked, odoo, theirs, bounced = run(env, count)
    table(
        [
            ("mails", "enquiries", "bounced", "seconds", "queries per mail"),
            *(
                (name, leads, lost, f"{w.seconds:.2f}", f"{w.queries / count:.1f}")
                for name, leads, lost, w in (
                    ("kept in the inbox", "", 0, kept),
                    ("worked off", count, 0, worked),
                    ("Odoo's own alias", theirs, bounced, odoo),
                )
            ),
        ]
    )
    result(
        "mails",
        count / max(theirs, 1),
        mails=count,
        enquiries=count,
        bounces=0,
        seconds=f"{kept.seconds + worked.seconds:.1f}",
        odoo_enquiries=theirs,
        odoo_bounces=bounced,
    )


if __name__ == "__main__":
    main(sys.argv[1:])
