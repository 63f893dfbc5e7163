from odoo import fields, models
from odoo.fields import Domain

from .. import inner


class LeadTasks(models.AbstractModel):
    """The next task of a lead: the one its phase asks for, exactly one."""

    _name = "estate.lead.task.mixin"
    _description = "Lead: next task"

    is_without_task = fields.Boolean(
        "Without next task",
        compute="_compute_is_without_task",
        search="_search_is_without_task",
        help="Open, with neither an open task nor a planned call.",
    )

    def _compute_is_without_task(self):
        found = self.search([("id", "in", self.ids), ("is_without_task", "=", True)])
        for lead in self:
            lead.is_without_task = lead in found

    def _search_is_without_task(self, operator, value):
        if operator != "in":
            return NotImplemented
        # Who was written to because of a match is waited for, not worked on.
        is_waiting = Domain("lead_role", "=", "seeker") & Domain(
            [("phase_number", "=", 1), ("received_at", "=", False)]
        )
        without = (
            Domain("lead_role", "!=", False)
            & Domain("won_status", "=", "pending")
            & Domain("next_call_at", "=", False)
            & Domain("activity_ids", "not any", [("active", "=", True)])
            & ~is_waiting
        )
        return without if True in value else ~without

    # === ENTERING A PHASE ===

    def _on_phase_entered(self):
        super()._on_phase_entered()
        if inner.hear(self.env, "matching"):
            # Leads made by a mailing: a batch that stays quiet until they answer.
            return
        self._renew_stage_tasks()

    def _renew_stage_tasks(self):
        """Close what the phases before asked for, and set what the present ones ask.

        A task of the same type goes on: the call of an owner stays planned when the
        first attempt moves him to "Being called".
        """
        # sudo: crm.lead, mail.activity - the tasks may be those of colleagues
        leads = self.sudo()
        by_lead = leads._get_stage_tasks().grouped("res_id")
        kept = leads.env["mail.activity"]
        without = leads.browse()
        for lead in leads:
            tasks = by_lead.get(lead.id, kept.browse())
            fitting = tasks.filtered(lead._is_task_of_phase)[:1]
            kept |= fitting
            if not fitting:
                without |= lead
        stale = kept.browse().union(*by_lead.values()) - kept
        stale._end_for(leads)
        for stage, tasks in kept.grouped(
            lambda task: leads.browse(task.res_id).stage_id
        ).items():
            tasks.filtered(lambda t, s=stage: t.estate_stage_id != s).write(
                {"estate_stage_id": stage.id}
            )
        uncalled = without.filtered(
            lambda lead: lead.next_call_at
            and lead.id in by_lead
            and lead.stage_id.next_task_type_id != lead._get_call_task_type()
        )
        uncalled.write({"next_call_at": False})
        without._create_stage_tasks()

    def _is_task_of_phase(self, task):
        """Tell whether an open task is what the phase of this lead asks for."""
        self.ensure_one()
        if self.won_status == "lost":
            return False
        stage = self.stage_id
        return task.estate_stage_id == stage or bool(
            task.activity_type_id & stage.next_task_type_id
        )

    def _ensure_stage_tasks(self):
        """Set the task of the phase on those of these leads that have none at all."""
        # sudo: crm.lead, mail.activity - a colleague's task is a task
        leads = self.sudo().filtered(
            lambda lead: lead.won_status == "pending" and not lead.next_call_at
        )
        busy = set(leads._get_stage_tasks().mapped("res_id"))
        leads.filtered(lambda lead: lead.id not in busy)._create_stage_tasks()

    def _create_stage_tasks(self):
        """Create the tasks that the phases of these leads ask for, in one batch."""
        now = fields.Datetime.now()
        activities = []
        groups = self.filtered(
            lambda lead: lead.stage_id.next_task_type_id and lead.won_status != "lost"
        ).grouped(lambda lead: (lead.stage_id, lead.team_id, lead._get_task_user()))
        for (stage, office, user), leads in groups.items():
            if not user:
                # The pool: whoever takes the lead gets its task.
                continue
            due = office._add_business_minutes(now, stage.next_task_hours * 60)
            values = leads._prepare_tasks(stage.next_task_type_id, user, due)
            if summary := stage.with_context(lang=user.lang).next_task_summary:
                values = [{**vals, "summary": summary} for vals in values]
            activities += values
        is_many = len(activities) > 1 or self.env.context.get("install_mode")
        quiet = {"mail_activity_quick_update": True} if is_many else {}
        self.env["mail.activity"].with_context(**quiet).create(activities)

    def _get_task_user(self):
        """Return who gets the task of this lead's phase; nobody in the pool."""
        self.ensure_one()
        wanted = {
            "property_agent": self.property_id.agent_id,
            "operator": self.call_ids[:1].user_id,
            "office_manager": self.team_id.user_id,
        }.get(self.stage_id.next_task_for, self.user_id)
        return wanted.filtered("active") or self.user_id

    def _get_stage_tasks(self):
        """Return the open tasks that the system has set on these leads."""
        # sudo: mail.activity - the task may be a colleague's
        return (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "crm.lead"),
                    ("res_id", "in", self.ids),
                    ("estate_stage_id", "!=", False),
                ],
                order="id",
            )
        )

    # === THE TASK FOLLOWS THE RESPONSIBLE ===

    def _follow_responsible(self, before):
        """Give the open system tasks of these leads to who is responsible now.

        :param dict before: lead id -> `res.users` who was responsible
        """
        # sudo: mail.activity - the one who had the task may be a colleague
        leads = self.sudo()
        tasks = leads._get_stage_tasks().filtered(
            lambda task: task.user_id == before[task.res_id]
        )
        by_user = tasks.grouped(lambda task: leads.browse(task.res_id).user_id)
        for user, mine in by_user.items():
            if user:
                mine.write({"user_id": user.id})
            else:
                mine.unlink()
        leads.filtered("user_id")._ensure_stage_tasks()

    # === HOOKS ANSWERED ===

    def _on_assigned(self, user, step):
        super()._on_assigned(user, step)
        # The task of the step, which follows, is the task of the phase.
        self._get_stage_tasks().unlink()
