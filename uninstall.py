"""What the module leaves behind when it goes: a working CRM, and nothing of its own."""

import re

from odoo.fields import Command
from odoo.tools import SQL

MODULE = "crm_real_estate"


def uninstall_hook(env):
    """Leave a working CRM behind, with all contacts, leads and appointments."""
    _loosen_own_tables(env)
    _keep_fields_of_others(env)
    _forget_own_names(env)
    _hand_over_rights(env)
    _close_own_activities(env)
    _move_leads_to_own_stages(env)
    _release_lost_reasons(env)
    _release_aliases(env)
    _close_channels(env)
    _release_appointments(env)
    _remove_what_names_us(env)
    env.invalidate_all()


def _loosen_own_tables(env):
    """Take away what would keep rows of our tables from going before the tables do."""
    tables = [env[name]._table for name in _get_own_models(env) if env[name]._auto]
    # Raw SQL: the ORM knows neither triggers nor foreign keys.
    env.cr.execute("DROP FUNCTION IF EXISTS estate_ledger_guard() CASCADE")
    env.cr.execute(
        """
        SELECT conrelid::regclass::text, conname FROM pg_constraint
        WHERE contype = 'f' AND (
            conrelid::regclass::text = ANY(%(tables)s)
            OR confrelid::regclass::text = ANY(%(tables)s)
        )
        """,
        {"tables": tables},
    )
    for table_and_constraint in env.cr.fetchall():
        names = map(SQL.identifier, table_and_constraint)
        env.cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s", *names))


def _keep_fields_of_others(env):
    """Keep fields of others that Odoo would delete along with ours.

    With a field goes each field that a model has through `_inherits` and that depends
    on it: the name of a job, for one, depends on the steps of a server action.
    """
    registry = env.registry
    ours = [
        field
        for model in registry.values()
        for field in model._fields.values()
        if field._modules == (MODULE,)
    ]
    dependent = {d for field in ours for d in registry.get_dependent_fields(field)}
    registry._discard_fields(
        [
            field
            for field in dependent
            if field.inherited and MODULE not in field._modules
        ]
    )


def _forget_own_names(env):
    """Remove names that outlive what they name: Odoo leaves them behind."""
    models = [env["ir.model"]._get_id(name) for name in _get_own_models(env)]
    # Raw SQL: the records go by cascades of the database, which know no external names.
    env.cr.execute(
        """
        DELETE FROM ir_model_data WHERE module != %(module)s AND (
            model = 'ir.model.inherit' AND res_id IN (
                SELECT id FROM ir_model_inherit WHERE model_id = ANY(%(models)s)
            )
            OR model = 'ir.model.fields.selection' AND res_id IN (
                SELECT value.id FROM ir_model_fields_selection AS value
                    JOIN ir_model_fields AS field ON field.id = value.field_id
                WHERE field.model_id = ANY(%(models)s)
            )
        );
        DELETE FROM ir_model_constraint WHERE type = 'f' AND module = (
            SELECT id FROM ir_module_module WHERE name = %(module)s
        )
        """,
        {"module": MODULE, "models": models},
    )


def _get_own_models(env):
    return [
        name for name, model in env.registry.items() if model._original_module == MODULE
    ]


def _get_own_records(env, model):
    """Return the records of another model that this module brought."""
    data = env["ir.model.data"].search([("module", "=", MODULE), ("model", "=", model)])
    return env[model].browse(data.mapped("res_id")).exists()


def _hand_over_rights(env):
    """Give the members of our groups what these implied, such as CRM itself."""
    own = _get_own_records(env, "res.groups")
    for group in own:
        for implied in group.implied_ids - own:
            implied.user_ids = [Command.link(user.id) for user in group.all_user_ids]


def _close_own_activities(env):
    """Cancel our planned activities; done ones stay, with a type of Odoo's own."""
    kinds = _get_own_records(env, "mail.activity.type")
    activities = env["mail.activity"].search(
        [
            "|",
            ("activity_type_id", "in", kinds.ids),
            ("res_model", "in", _get_own_models(env)),
        ]
    )
    activities.unlink()
    for kind in kinds:
        name = "call" if kind.category == "phonecall" else "todo"
        other = env.ref(f"mail.mail_activity_data_{name}", raise_if_not_found=False)
        other = other or env["mail.activity.type"].search(
            [("id", "not in", kinds.ids)], limit=1
        )
        _repoint(env, kind, other)


def _repoint(env, record, other):
    """Let every row that needs `record` and would keep it from going need `other`."""
    # Raw SQL: which tables restrict the deletion, only PostgreSQL knows.
    env.cr.execute(
        """
        SELECT c.conrelid::regclass::text, a.attname
        FROM pg_constraint c
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.confrelid = %s::regclass AND c.contype = 'f'
            AND c.confdeltype IN ('r', 'a')
        """,
        [record._table],
    )
    for table, column in env.cr.fetchall():
        env.cr.execute(
            SQL(
                "UPDATE %(table)s SET %(column)s = %(new)s WHERE %(column)s = %(old)s",
                table=SQL.identifier(table),
                column=SQL.identifier(column),
                new=other.id,
                old=record.id,
            )
        )


def _move_leads_to_own_stages(env):
    """Put our leads into Odoo's pipeline: won to won, all others by their progress."""
    groups = (
        env["crm.lead"]
        .with_context(active_test=False)
        ._read_group(
            [("lead_role", "!=", False)], ["stage_id", "cancelled_from_id", "team_id"]
        )
    )
    for phase, cancelled_from, team in groups:
        # Raw SQL: the ORM would track, notify and refuse a stage of another pipeline.
        env.cr.execute(
            SQL(
                """
                UPDATE crm_lead SET stage_id = %s
                WHERE lead_role IS NOT NULL AND stage_id = %s
                    AND cancelled_from_id IS NOT DISTINCT FROM %s
                    AND team_id IS NOT DISTINCT FROM %s
                """,
                _get_fitting_stage(env, phase, cancelled_from or phase, team).id,
                phase.id,
                cancelled_from.id or None,
                team.id or None,
            )
        )
    env.cr.execute(
        """
        UPDATE crm_lead SET lead_role = NULL, pipeline = NULL, cancelled_from_id = NULL
        WHERE lead_role IS NOT NULL
        """
    )
    env.invalidate_all()
    env["crm.stage"].search([("pipeline", "!=", False)]).unlink()


def _get_fitting_stage(env, phase, progress, team):
    """Return the stage of Odoo's pipeline that a lead in `phase` belongs to.

    An agency that has none left keeps our phase as a stage of its own.

    :param progress: phase that tells how far the lead is, or was when it was cancelled
    """
    stages = env["crm.stage"].search(
        [("pipeline", "=", False), ("team_ids", "in", [False, *team.ids])],
        order="sequence, id",
    )
    fitting = stages.filtered(lambda stage: stage.is_won == phase.is_won)
    if not fitting:
        # Raw SQL: the ORM keeps a phase with leads in its pipeline, which is given up.
        env.cr.execute("UPDATE crm_stage SET pipeline = NULL WHERE id = %s", [phase.id])
        phase.invalidate_recordset()
        _release(env, phase)
        return phase
    if phase.is_won:
        return fitting[0]
    place = int(len(fitting) * progress._get_win_percent() / 100)
    return fitting[min(place, len(fitting) - 1)]


def _release(env, records):
    """Leave these records to the agency: they no longer count as ours."""
    env["ir.model.data"].search(
        [
            ("module", "=", MODULE),
            ("model", "=", records._name),
            ("res_id", "in", records.ids),
        ]
    ).unlink()


def _release_lost_reasons(env):
    """Leave the reasons that leads carry: why they were lost stays known."""
    reasons = _get_own_records(env, "crm.lost.reason")
    leads = env["crm.lead"].with_context(active_test=False)
    used = leads._read_group(
        [("lost_reason_id", "in", reasons.ids)], ["lost_reason_id"]
    )
    _release(env, reasons.browse([reason.id for (reason,) in used]))


def _release_aliases(env):
    """Let mails to the teams become leads again, and give up our own addresses."""
    teams = env["crm.team"].with_context(active_test=False)
    teams.search([("intake_source_id", "!=", False)]).intake_source_id = False
    sources = env["estate.intake.source"].with_context(active_test=False).search([])
    sources.alias_id.unlink()


def _close_channels(env):
    """Close the channels for free leads: without our group all could read them."""
    channels = env["discuss.channel"].search([("estate_company_id", "!=", False)])
    channels.write(
        {"active": False, "group_public_id": env.ref("base.group_system").id}
    )


def _release_appointments(env):
    """Keep the appointments about our records: they would fall with our models."""
    # Raw SQL: only the link goes; the ORM would tell the attendees of a change.
    env.cr.execute(
        SQL(
            """
            UPDATE calendar_event
            SET res_model = NULL, res_model_id = NULL, res_id = NULL
            WHERE res_model IN %s
            """,
            tuple(_get_own_models(env)),
        )
    )


def _remove_what_names_us(env):
    """Remove what knows our models by name alone, and stop what would fail without us.

    Favourites and automated actions of others that speak of our fields would fail at
    every lead; they are archived, so that an admin can mend them.
    """
    own = _get_own_models(env)
    for model, field in (
        ("ir.filters", "model_id"),
        ("ir.exports", "resource"),
    ):
        env[model].with_context(active_test=False).search([(field, "in", own)]).unlink()
    env["ir.config_parameter"].search([("key", "=like", f"{MODULE}.%")]).unlink()
    ours = re.compile(rf"\b({'|'.join(_get_added_names(env, own))})\b")
    for model, texts in (
        ("ir.filters", ("domain", "context", "sort")),
        ("base.automation", ("filter_domain", "filter_pre_domain")),
    ):
        env[model].search([]).filtered(
            lambda record, texts=texts: any(
                ours.search(record[text] or "") for text in texts
            )
        ).active = False


def _get_added_names(env, own_models):
    """Return the names of fields that only we have on models of others."""
    fields = [
        field
        for name, model in env.registry.items()
        if name not in own_models and not model._abstract
        for field in model._fields.values()
    ]
    ours = {field.name for field in fields if field._modules == (MODULE,)}
    return sorted(
        ours - {field.name for field in fields if field._modules != (MODULE,)}
    )
