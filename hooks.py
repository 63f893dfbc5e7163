"""What happens before and after the module enters or leaves a database."""

from odoo import _
from odoo.exceptions import UserError
from odoo.tools import SQL

# Columns of ours on Odoo's big tables. They are made before the ORM looks: it would
# otherwise compute and write every existing row, and change its write date.
NEW_COLUMNS = {
    "crm_lead": {
        "deal_type": "varchar",
        "pipeline": "varchar",
        "phase_number": "integer",
        "lead_role": "varchar",
        "property_id": "integer",
        "call_count": "integer",
        "next_call_at": "timestamp",
    },
    "crm_team": {},
}


def pre_init_hook(env):
    """Refuse politely what cannot work, and prepare large tables."""
    if "estate.property" in env and "crm_real_estate" not in env["estate.property"]._original_module:
        raise UserError(
            _(
                "Another add-on already brings a model estate.property (%s). Uninstall it "
                "first, or install Real Estate CRM into another database.",
                env["estate.property"]._original_module,
            )
        )
    # Raw SQL: pg_trgm makes parts of names searchable; a database without the right to
    # create it works, only slower, so a refusal is no obstacle.
    try:
        with env.cr.savepoint():
            env.cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except Exception:  # noqa: BLE001 - any refusal of the server means the same
        env["ir.logging"].sudo().create(
            {
                "name": "crm_real_estate", "type": "server", "level": "WARNING",
                "path": "hooks.py", "line": "0", "func": "pre_init_hook",
                "message": "pg_trgm could not be created: searching by parts of names is slower.",
            }
        )
    for table, columns in NEW_COLUMNS.items():
        for column, kind in columns.items():
            env.cr.execute(
                SQL(
                    "ALTER TABLE %s ADD COLUMN IF NOT EXISTS %s %s",
                    SQL.identifier(table), SQL.identifier(column), SQL(kind),
                )
            )


def post_init_hook(env):
    """Give our groups to the installing administrator alone; everybody else stays as is."""
    env.ref("base.user_admin").write(
        {"group_ids": [(4, env.ref("crm_real_estate.group_director").id),
                       (4, env.ref("crm_real_estate.group_settings").id)]}
    )


def uninstall_hook(env):
    """Leave a working CRM behind: our leads go to Odoo's stages, our tasks are closed."""
    leads = env["crm.lead"].with_context(active_test=False).search([("lead_role", "!=", False)])
    _cancel_own_activities(env)
    _move_leads_to_own_stages(env, leads)
    _forget_aliases(env)
    # Raw SQL: triggers fall with their tables, the function they call does not.
    env.cr.execute("DROP FUNCTION IF EXISTS estate_ledger_guard() CASCADE")


def _cancel_own_activities(env):
    kinds = env["mail.activity.type"].browse(
        env["ir.model.data"].search(
            [("module", "=", "crm_real_estate"), ("model", "=", "mail.activity.type")]
        ).mapped("res_id")
    ).exists()
    activities = env["mail.activity"].with_context(active_test=False).search(
        ["|", ("activity_type_id", "in", kinds.ids), ("res_model", "=like", "estate.%")]
    )
    activities.unlink()


def _move_leads_to_own_stages(env, leads):
    """Put our leads into Odoo's pipeline: won to won, lost stay lost, others by progress."""
    stages = env["crm.stage"].search([("pipeline", "=", False)], order="sequence, id")
    won = stages.filtered("is_won")[:1]
    running = stages.filtered(lambda stage: not stage.is_won)
    if not running:
        return
    for phase, group in leads.grouped("stage_id").items():
        if phase.is_won and won:
            target = won
        else:
            place = min(int(len(running) * phase.win_percent / 100), len(running) - 1)
            target = running[place]
        # Raw SQL: the ORM would track, notify and refuse a stage of the other pipeline.
        env.cr.execute(
            SQL(
                """UPDATE crm_lead SET stage_id = %s, lead_role = NULL, pipeline = NULL,
                cancelled_from_id = NULL WHERE id IN %s""",
                target.id, tuple(group.ids),
            )
        )
    leads.invalidate_recordset()


def _forget_aliases(env):
    """Let mails to the teams become leads again, as before."""
    model = env["ir.model"]._get("estate.intake.message")
    for team in env["crm.team"].with_context(active_test=False).search([("intake_source_id", "!=", False)]):
        team.intake_source_id = False
    env["mail.alias"].search([("alias_model_id", "=", model.id)]).unlink()
