from collections import defaultdict
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.tools import format_amount

from ..groups import MEMBERS
from .estate_dispatch_rule import DEADLINE_MINUTES

# step -> type of the task that comes with it
TASKS = {
    "first_call": "crm_real_estate.mail_activity_type_first_call",
    "agent": "crm_real_estate.mail_activity_type_appointment",
    "enquiry": "crm_real_estate.mail_activity_type_answer",
}


class Decision(NamedTuple):
    """Who gets a lead and why; an empty user is the pool.

    `rule` is the one that matched, also when the property's agent came before it.
    """

    lead: Any
    user: Any
    rule: Any
    reasons: dict


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

    def _dispatch(self, step, now=None):
        """Give these leads to suitable people, in the order they came in.

        :param str step: first_call, agent or enquiry
        :return: the `estate.dispatch.decision` rows
        """
        now = now or fields.Datetime.now()
        # sudo: crm.lead, estate.dispatch.rule - whoever causes a distribution may not
        # read all rules, nor see any more what was given away
        leads = self.sudo().filtered(
            lambda lead: lead.lead_role and lead.won_status == "pending"
        )
        matched = leads.env["estate.dispatch.rule"]._match(leads.sorted("id"), step)
        rules = leads.env["estate.dispatch.rule"].union(*matched)
        rules._lock()
        decisions = []
        for rule, mine in matched.items():
            decisions += mine._decide(rule, step, now)
        return leads._apply_decisions(step, decisions, now)

    def _get_dispatch_company(self):
        """Return the company whose rules give this lead away."""
        return self.company_id or self.property_id.company_id or self.env.company

    # === DECIDE ===

    def _decide(self, rule, step, now):
        """Return a `Decision` for each of these leads, which `rule` matched."""
        decisions, absent = [], {}
        if step != "first_call":
            decisions, absent = self._decide_by_property_agent(rule, step, now)
        rest = self - self.browse([decision.lead.id for decision in decisions])
        if rule and rest:
            chosen = rule._choose(rest, now)
        else:
            nobody = self.env["res.users"]
            chosen = [(lead, nobody, {"how": "pool"}) for lead in rest]
        for lead, user, reasons in chosen:
            agent_id = str(lead.property_id.agent_id.id)
            left_out = {agent_id: absent[agent_id]} if agent_id in absent else {}
            left_out |= reasons.get("left_out", {})
            decisions.append(
                Decision(lead, user, rule, reasons | {"left_out": left_out})
            )
        return decisions

    def _decide_by_property_agent(self, rule, step, now):
        """Return decisions where the agent of the property is there, and who is not.

        :return: (list of `Decision`, dict id of an agent as text -> code of the reason)
        """
        decisions, absent = [], {}
        members = self.env["crm.team.member"]
        companies = self.grouped(lambda lead: lead._get_dispatch_company())
        for company, leads in companies.items():
            available, left_out = members._split_agents(
                leads.property_id.agent_id, step, company, now
            )
            absent |= {str(user_id): code for user_id, code in left_out.items()}
            decisions += [
                Decision(
                    lead, lead.property_id.agent_id, rule, {"how": "property_agent"}
                )
                for lead in leads
                if lead.property_id.agent_id in available
            ]
        return decisions, absent

    # === APPLY ===

    def _apply_decisions(self, step, decisions, now):
        """Write people, tasks and reasons: one write for each person and office."""
        groups = defaultdict(list)
        for decision in decisions:
            groups[decision.user, decision.rule].append(decision.lead.id)
        due_at = {}
        for (user, rule), ids in groups.items():
            leads = self.browse(ids)
            leads._assign(user, rule.team_id, step)
            minutes = rule.deadline_minutes or DEADLINE_MINUTES[step]
            due_at |= leads._schedule_step_task(step, user, minutes, now)
        return self.env["estate.dispatch.decision"].create(
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

    def _assign(self, user, team, step):
        """Make `user` responsible, or nobody; his office takes the leads over."""
        office = team if not user or user in team.member_ids else user.sale_team_id
        belongs = {"team_id": office.id} if office else {}
        # Our task tells the person: "you have been assigned" would tell it twice.
        leads = self.with_context(
            mail_auto_subscribe_no_notify=True, estate_dispatching=True
        )
        leads.write({"user_id": user.id} | belongs)
        if step == "agent" and user:
            # Owner and property are in one hand.
            of_owners = self.filtered(lambda lead: lead.lead_role == "owner")
            of_owners.property_id.write({"agent_id": user.id} | belongs)
        self._on_assigned(user, step)

    def _schedule_step_task(self, step, user, minutes, now):
        """Set the task of a step for `user`, in place of an open one of the same kind.

        :param user: empty for the pool: then nobody has a task
        :param minutes: business minutes of the office until it is due
        :return: dict lead -> moment it is due (naive UTC)
        """
        kind = self.env.ref(TASKS[step])
        self._get_open_tasks(kind).unlink()
        due_at, activities = {}, []
        for office, leads in self.grouped("team_id").items():
            due = office._add_business_minutes(now, minutes)
            due_at |= dict.fromkeys(leads, due)
            if user:
                activities += leads._prepare_tasks(kind, user, due)
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
        kind = kind.with_context(lang=user.lang)
        return [
            {
                "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "res_id": lead.id,
                "estate_stage_id": lead.stage_id.id,
                "activity_type_id": kind.id,
                "user_id": user.id,
                "date_deadline": fields.Datetime.context_timestamp(
                    local, moment
                ).date(),
                "summary": kind.summary or kind.name,
                "note": lead._render_task_note(),
                "automated": True,
            }
            for lead in leads
        ]

    def _render_task_note(self):
        """Return the note of a task: the property and whom to speak to, as links."""
        self.ensure_one()
        prop, people = self.property_id, self.partner_id
        if self.lead_role == "owner":
            # A seeker's task does not tell who the owner is.
            people |= prop.owner_ids
        town = " ".join(filter(None, (prop.zip, prop.city)))
        values = {
            "property": prop,
            "address": ", ".join(filter(None, (prop.street, town))),
            "price": prop.price
            and format_amount(self.env, prop.price, prop.currency_id),
            "people": people,
            "calls": self.call_ids.filtered("note")[:3],
        }
        return self.env["ir.qweb"]._render("crm_real_estate.task_note", values)

    # === HOOKS ANSWERED ===

    def _on_leads_merged(self, leads):
        super()._on_leads_merged(leads)
        # sudo: estate.dispatch.decision - links follow the merge
        leads.sudo().decision_ids.write({"lead_id": self.id})

    # === HOOKS ===

    def _on_assigned(self, user, step):
        """These leads were given to `user`, or put into the pool when it is empty."""
