"""What the benchmarks of activity reports share: owners, plans, and a full journal."""

from odoo.fields import Date, Datetime


def prepare(env, owners, events):
    """Create owners with one property each, whose report is due, and a week's journal.

    :param int owners: number of owners, each with a plan
    :param int events: number of rows of the journal about each property
    :return: `estate.report.plan`
    """
    env["estate.report.plan"].search([]).active = False
    agent = env["res.users"].search([("share", "=", False)], limit=1)
    values = {
        "owners": owners,
        "company": env.company.id,
        "currency": env.company.currency_id.id,
        "agent": agent.id,
        "lang": env.lang or "en_US",
        "today": Date.today(),
        "phases": [env.ref(f"crm_real_estate.crm_stage_sale_{n}").id for n in (2, 3)],
    }
    # Raw SQL: a fixture; creates by the ORM would take longer than what is measured.
    env.cr.execute(WORLD, values)
    env.cr.execute("SELECT array_agg(house), array_agg(plan) FROM bench_owners")
    houses, plans = env.cr.fetchone()
    write_journal(env, houses, events)
    env.invalidate_all()
    return env["estate.report.plan"].browse(plans)


def write_journal(env, houses, events):
    """Write `events` rows about each property, of the kinds that owners read of."""
    env.flush_all()
    env.cr.execute(
        """
        INSERT INTO estate_interaction (type_id, property_id, user_id, company_id,
                occurred_at, create_date, summary, owner_comment)
            SELECT kinds[1 + n %% cardinality(kinds)], house, %(user)s, %(company)s,
                %(now)s - n * interval '6 days' / %(events)s - interval '1 day',
                %(now)s - n * interval '6 days' / %(events)s - interval '1 day',
                'A visitor asked about the cellar.',
                CASE WHEN n %% 5 = 0 THEN 'We answered within the hour.' END
            FROM unnest(%(houses)s) house, generate_series(1, %(events)s) n,
                (SELECT array_agg(id ORDER BY id) AS kinds FROM estate_interaction_type
                    WHERE is_owner_visible) kind;
        ANALYZE estate_interaction
        """,
        {
            "user": env.uid,
            "company": env.company.id,
            "now": Datetime.now(),
            "events": events,
            "houses": houses,
        },
    )


WORLD = """
    CREATE TEMP TABLE bench_owners ON COMMIT DROP AS
        SELECT n, nextval('res_partner_id_seq')::int AS owner,
            nextval('res_partner_id_seq')::int AS seeker,
            nextval('estate_property_id_seq')::int AS house,
            nextval('estate_report_plan_id_seq')::int AS plan
        FROM generate_series(1, %(owners)s) n;
    INSERT INTO res_partner (id, name, complete_name, estate_kind, active, type, lang,
            partner_share, automatic_messages_allowed, email, email_normalized, phone)
        SELECT owner, 'Owner ' || n, 'Owner ' || n, 'standard', TRUE, 'contact',
            %(lang)s, TRUE, TRUE, 'owner' || n || '@example.com',
            'owner' || n || '@example.com', '+420777' || lpad(n::text, 6, '0')
        FROM bench_owners
        UNION ALL
        SELECT seeker, 'Seeker ' || n, 'Seeker ' || n, 'standard', TRUE, 'contact',
            %(lang)s, TRUE, TRUE, 'seeker' || n || '@example.com',
            'seeker' || n || '@example.com', '+420778' || lpad(n::text, 6, '0')
        FROM bench_owners;
    INSERT INTO estate_property (id, name, reference, state, active, deal_type,
            company_id, currency_id, agent_id, price, create_date)
        SELECT house, 'House ' || n, 'REPORT' || house, 'on_market', TRUE, 'sale',
            %(company)s, %(currency)s, %(agent)s, 100000 + n, now() FROM bench_owners;
    INSERT INTO estate_property_owner_rel (property_id, partner_id)
        SELECT house, owner FROM bench_owners;
    INSERT INTO crm_lead (name, type, active, lead_role, deal_type, pipeline, user_id,
            partner_id, company_id, property_id, stage_id, phase_number, won_status)
        SELECT 'Enquiry ' || n, 'opportunity', TRUE, 'seeker', 'sale', 'sale',
            %(agent)s, seeker, %(company)s, house, (%(phases)s)[1 + n %% 2],
            2 + n %% 2, 'pending'
        FROM bench_owners;
    INSERT INTO estate_report_plan (id, partner_id, audience, when_quiet, rhythm, hour,
            start_date, next_date, anchor_date, tells_phases, active, company_id,
            attempts)
        SELECT plan, owner, 'vendor', 'say', 'weekly', 8, %(today)s::date - 7,
            %(today)s::date - 1, %(today)s::date - 7, TRUE, TRUE, %(company)s, 0
        FROM bench_owners;
    ANALYZE res_partner, estate_property, estate_property_owner_rel, crm_lead,
        estate_report_plan
"""
