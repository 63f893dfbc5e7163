from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import format_amount

from .. import inner
from ..groups import MEMBERS
from .dispatch_run import DispatchRun
from .estate_dispatch_rule import DEADLINE_MINUTES

# step -> type of the task that comes with it
TASKS = {
    "first_call": "crm_real_estate.mail_activity_type_first_call",
    "agent": "crm_real_estate.mail_activity_type_appointment",
    "enquiry": "crm_real_estate.mail_activity_type_answer",
}


class LeadDispatch(models.AbstractModel):
    """A lead is given to somebody: by rules, with a reason, exactly once."""

    _name = "estate.lead.dispatch.mixin"
    _description = "Lead: distribution"

    decision_ids = fields.One2many(
        "estate.dispatch.decision",
        "lead_id",
        "Decisions",
        groups=MEMBERS,
    )

    # === WHO IS RESPONSIBLE BEFORE ===

    @api.model
    def _get_default_responsible(self):
        """Return who a new lead belongs to; an owner's is nobody's until rules say."""
        is_owner = self.env.context.get("default_lead_role") == "owner"
        return self.env["res.users"] if is_owner else self.env.user

    def _prepare_estate_vals(self, vals):
        vals = super()._prepare_estate_vals(vals)
        role = vals.get("lead_role") or self.env.context.get("default_lead_role")
        if role == "owner" and "default_user_id" not in self.env.context:
            vals.setdefault("user_id", False)
        return vals

    # === GIVE ===

    def _dispatch(self, step, now=None, exclude=None):
        """Give these leads to suitable people, in the order they came in.

        :param str step: first_call, agent or enquiry
        :param dict exclude: lead id -> ids of users who do not get it now, because
            they just had it
        :return: the `estate.dispatch.decision` rows
        """
        now = now or fields.Datetime.now()
        # sudo: crm.lead, estate.dispatch.rule - whoever causes a distribution may not
        # read all rules, nor see any more what was given away
        leads = self.sudo().filtered(
            lambda lead: lead.lead_role and lead.won_status == "pending"
        )
        run = DispatchRun(leads, step, now, exclude)
        run.get_rules()._lock()
        decisions = run.decide()
        run.save_memory()
        return leads._apply_decisions(step, decisions, now)

    def _get_dispatch_company(self):
        """Return the company whose rules give this lead away."""
        return self.company_id or self.property_id.company_id or self.env.company

    # === APPLY ===

    def _apply_decisions(self, step, decisions, now):
        """Write people, tasks and reasons: one write for each person and office."""
        groups = defaultdict(list)
        for decision in decisions:
            groups[decision.user, decision.rule].append(decision.lead.id)
        tasks = []
        for (user, rule), ids in groups.items():
            leads = self.browse(ids)
            leads._assign(user, rule.team_id, step)
            minutes = rule.deadline_minutes or DEADLINE_MINUTES[step]
            tasks.append((leads, user, minutes))
        due_at = self._schedule_step_tasks(step, tasks, now)
        rows = self.env["estate.dispatch.decision"].create(
            [
                {
                    "lead_id": lead.id,
                    "rule_id": rule.id if reasons["how"] != "property_agent" else False,
                    "step": step,
                    "user_id": user.id,
                    "decided_at": now,
                    "due_at": due_at[lead],
                    "reasons": reasons,
                    "company_id": lead._get_dispatch_company().id,
                }
                for lead, user, rule, reasons in decisions
            ]
        )
        for rule, leads in self._group_announced(decisions).items():
            leads._on_announced(rule)
        return rows

    @api.model
    def _group_announced(self, decisions):
        """Return rule -> leads that it offers to its whole team."""
        announced = defaultdict(self.browse)
        for decision in decisions:
            if decision.reasons["how"] == "announce":
                announced[decision.rule] |= decision.lead
        return announced

    def _assign(self, user, team, step):
        """Make `user` responsible, or nobody; his office takes the leads over."""
        people = team.crm_team_member_ids.user_id
        office = team if not user or user in people else user.sale_team_id
        belongs = {"team_id": office.id} if office else {}
        # Our task tells the person: "you have been assigned" would tell it twice.
        quiet = self.with_context(mail_auto_subscribe_no_notify=True)
        leads = inner.say(quiet, dispatching=True)
        leads.write({"user_id": user.id} | belongs)
        if step == "agent" and user:
            # Owner and property are in one hand.
            of_owners = self.filtered(lambda lead: lead.lead_role == "owner")
            of_owners.property_id.write({"agent_id": user.id} | belongs)
        self._on_assigned(user, step)

    def _schedule_step_tasks(self, step, groups, now):
        """Set the tasks of a step, in place of open ones of the same kind.

        :param list groups: (leads, user, business minutes of the office until they are
            due); an empty user is the pool, where nobody has a task
        :return: dict lead -> moment it is due (naive UTC)
        """
        kind = self.env.ref(TASKS[step])
        self._get_open_tasks(kind).unlink()
        due_at, activities, known = {}, [], {}
        for all_leads, user, minutes in groups:
            for office, leads in all_leads.grouped("team_id").items():
                key = (office, minutes)
                if key not in known:
                    known[key] = office._add_business_minutes(now, minutes)
                due_at |= dict.fromkeys(leads, known[key])
                if user:
                    activities += leads._prepare_tasks(kind, user, known[key])
        # One mail for one lead; who gets many at once sees them in his list.
        quiet = {"mail_activity_quick_update": True} if len(self) > 1 else {}
        self.env["mail.activity"].with_context(**quiet).create(activities)
        return due_at

    def _get_open_tasks(self, kinds):
        """Return the open activities of these types on these leads."""
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "crm.lead"),
                ("res_id", "in", self.ids),
                ("activity_type_id", "in", kinds.ids),
            ]
        )

    def _prepare_tasks(self, kind, user, moment):
        """Return values of one task for each lead of an office, due at `moment`."""
        leads = self.with_context(lang=user.lang)
        local = self.with_context(tz=self.team_id._get_business_tz().zone)
        deadline = fields.Datetime.context_timestamp(local, moment).date()
        kind = kind.with_context(lang=user.lang)
        model_id = self.env["ir.model"]._get_id("crm.lead")
        # Who rings an owner tells him how many seekers wait for his property.
        owners = leads.filtered(lambda lead: lead.lead_role == "owner")
        demand = owners.property_id._get_demand_texts()
        return [
            {
                "res_model_id": model_id,
                "res_id": lead.id,
                "estate_stage_id": lead.stage_id.id,
                "activity_type_id": kind.id,
                "user_id": user.id,
                "date_deadline": deadline,
                "summary": kind.summary or kind.name,
                "note": lead._render_task_note(demand.get(lead.property_id)),
                "automated": True,
            }
            for lead in leads
        ]

    def _render_task_note(self, demand=None):
        """Return the note of a task: the property and whom to speak to, as links.

        :param str demand: how many seekers the property of an owner would find
        """
        self.ensure_one()
        prop, people = self.property_id, self.partner_id
        if self.lead_role == "owner":
            # A seeker's task does not tell who the owner is.
            people |= prop.owner_ids
        values = {
            "property": prop,
            "address": prop._get_place(),
            "price": prop.price
            and format_amount(self.env, prop.price, prop.currency_id),
            "people": people,
            "demand": demand,
            "calls": self.call_ids.filtered("note")[:3],
        }
        return self.env["ir.qweb"]._render("crm_real_estate.task_note", values)

    # === HOOKS ANSWERED ===

    def _on_leads_merged(self, leads):
        super()._on_leads_merged(leads)
        # sudo: estate.dispatch.decision - links follow the merge
        leads.sudo().decision_ids.write({"lead_id": self.id})

    def _on_offer_answered(self):
        super()._on_offer_answered()
        if free := self.filtered(lambda lead: not lead.user_id):
            free._dispatch("enquiry")

    # === HOOKS ===

    def _on_assigned(self, user, step):
        """These leads were given to `user`, or put into the pool when it is empty."""

    def _on_announced(self, rule):
        """These leads wait for the first of the team of `rule` who claims them.

        They are in the pool, their decisions are written.
        """
