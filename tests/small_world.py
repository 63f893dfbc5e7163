"""One record of every model that an agency works with, for tests of rights."""

from odoo.fields import Command, Datetime

from .common import NOW


def create_world(env, company, user):
    """Create one record of each own model in a company.

    :param user: who is responsible for it all
    :return: dict name of the model -> record
    """
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    world = _create_settings(env, company)
    world |= _create_work(env, company, user, world)
    world |= _create_intake(env, company)
    world |= _create_reports(env, world)
    return {record._name: record for record in world.values()}


def _create(env, model, **values):
    return env[model].create(values)


def _create_settings(env, company):
    """Types, rules and places that belong to one company alone."""
    mine = {"company_id": company.id, "name": f"Of {company.name}"}
    team = _create(env, "crm.team", is_estate_office=True, **mine)
    calendar = _create(env, "resource.calendar", **mine)
    run = _create(
        env,
        "estate.contact.run",
        kind="standard",
        domain="[]",
        if_missing="leave",
        state="done",
        company_id=company.id,
    )
    return {
        "team": team,
        "run": run,
        "run_line": _create(
            env, "estate.contact.run.line", run_id=run.id, company_id=company.id
        ),
        "objective": _create(
            env,
            "estate.objective",
            metric="calls",
            minimum=20,
            team_id=team.id,
            company_id=company.id,
        ),
        "kind": _create(env, "estate.interaction.type", code="own", **mine),
        "outcome": _create(env, "estate.call.outcome", code="busy", **mine),
        "type": _create(env, "estate.property.type", code="own", **mine),
        "requirement": _create(
            env,
            "estate.contact.requirement",
            kind="agency",
            field_ids=[
                Command.set(env["ir.model.fields"]._get("res.partner", "ref").ids)
            ],
            **mine,
        ),
        "station": _create(env, "estate.station", **mine),
        "territory": _create(env, "estate.territory", **mine),
        "source_group": _create(env, "estate.source.group", **mine),
        "calling": _create(env, "estate.calling.rule", calendar_id=calendar.id, **mine),
        "rule": _create(
            env, "estate.dispatch.rule", step="first_call", team_id=team.id, **mine
        ),
    }


def _create_work(env, company, user, world):
    """A property with its owner, and what happens with an enquiry about it."""
    partner = _create(env, "res.partner", name="Olga Owner", company_id=company.id)
    prop = _create(
        env,
        "estate.property",
        name="House",
        deal_type="sale",
        agent_id=user.id,
        owner_ids=[Command.set(partner.ids)],
    )
    seeker = _create(env, "res.partner", name="Sam Seeker", company_id=company.id)
    lead = _create(
        env,
        "crm.lead",
        name="Enquiry",
        lead_role="seeker",
        property_id=prop.id,
        partner_id=seeker.id,
        company_id=company.id,
        user_id=user.id,
        team_id=world["team"].id,
    )
    about = {"lead_id": lead.id, "company_id": company.id}
    return {
        "property": prop,
        "mandate": _create(env, "estate.mandate", property_id=prop.id),
        "lead": lead,
        "viewing": _create(
            env,
            "estate.viewing",
            lead_id=lead.id,
            start=Datetime.add(NOW, years=10),
            agent_id=user.id,
        ),
        "interaction": env["estate.interaction"]._write_journal(
            [{"type": "note", "summary": "A note", **about}]
        ),
        "call": _create(
            env, "estate.call", outcome_id=world["outcome"].id, user_id=user.id, **about
        ),
        "decision": _create(env, "estate.dispatch.decision", step="enquiry", **about),
        "claim": _create(
            env,
            "estate.claim",
            user_id=user.id,
            claimed_at=NOW,
            state="worked",
            **about,
        ),
        "share": _create(
            env, "estate.dispatch.share", rule_id=world["rule"].id, user_id=user.id
        ),
        "alert": _create(env, "estate.alert", user_id=user.id, sent_at=NOW, **about),
        **_create_matching(env, seeker, prop),
        "consent": seeker._record_consent("given", "test", ("email",)),
        **_create_outreach(env, prop, user, about),
        "hand_over": _create(
            env, "estate.hand.over", partner_id=seeker.id, to_user_id=user.id
        ),
    }


def _create_matching(env, seeker, prop):
    search = _create(env, "estate.search", partner_id=seeker.id)
    reason = _create(
        env,
        "estate.refusal.reason",
        name="Not liked",
        company_id=prop.company_id.id,
    )
    pair = _create(
        env,
        "estate.pair",
        search_id=search.id,
        property_id=prop.id,
        is_remembered=True,
    )
    return {"search": search, "reason": reason, "pair": pair}


def _create_outreach(env, prop, user, about):
    """Group viewing, automatic answer and event mail, with what hangs on them."""
    group = _create(
        env,
        "estate.viewing.group",
        property_id=prop.id,
        start=Datetime.add(NOW, years=10),
        agent_id=user.id,
    )
    responder = _create(
        env,
        "estate.responder",
        property_id=prop.id,
        company_id=about["company_id"],
    )
    return {
        "group": group,
        "notice": _create(
            env,
            "estate.notice",
            property_id=prop.id,
            kind="closed",
            template_id=env.ref("crm_real_estate.mail_template_event").id,
            **about,
        ),
        "responder": responder,
        "answer": _create(
            env, "estate.responder.answer", responder_id=responder.id, **about
        ),
    }


def _create_intake(env, company):
    source = _create(env, "estate.intake.source", name=f"Of {company.name}")
    message = source._store("file", "listings.xml", b"<openimmo/>")
    item = _create(env, "estate.intake.item", message_id=message.id, outcome="created")
    criterion = _create(
        env, "estate.intake.criterion", name="Wanted", source_id=source.id
    )
    return {
        "source": source,
        "criterion": criterion,
        "message": message,
        "item": item,
    }


def _create_reports(env, world):
    owner = world["property"].owner_ids
    plan = _create(env, "estate.report.plan", partner_id=owner.id)
    report = _create(
        env,
        "estate.activity.report",
        partner_id=owner.id,
        property_ids=[Command.set(world["property"].ids)],
        date_from=NOW.date(),
        date_to=NOW.date(),
    )
    line = _create(env, "estate.activity.report.line", report_id=report.id, kind="Note")
    return {"plan": plan, "report": report, "line": line}
