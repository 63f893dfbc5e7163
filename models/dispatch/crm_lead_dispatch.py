from collections import defaultdict

from odoo import fields, models

from ...tools import distribution

# step -> (activity type, what is asked)
TASKS = {
    "first_call": "crm_real_estate.mail_activity_type_first_call",
    "agent": "crm_real_estate.mail_activity_type_appointment",
    "enquiry": "crm_real_estate.mail_activity_type_answer",
}


class LeadDispatch(models.AbstractModel):
    """A lead is given to somebody: by rules, with a reason, exactly once."""

    _name = "estate.lead.dispatch.mixin"
    _description = "Lead: distribution"

    decision_ids = fields.One2many("estate.dispatch.decision", "lead_id", "Decisions")

    def _dispatch(self, step, now=None):
        """Give these leads to suitable people.

        :param str step: first_call, agent or enquiry
        :return: the decisions
        """
        now = now or fields.Datetime.now()
        leads = self.filtered(lambda lead: lead.lead_role and lead.won_status == "pending")
        decisions = []
        if step == "enquiry":
            decisions += leads._decide_by_property_agent(now)
            leads -= leads.browse([lead.id for lead, *_rest in decisions])
        # sudo: estate.dispatch.rule - whoever causes a distribution may not read rules
        rules = self.env["estate.dispatch.rule"].sudo()
        matched = rules._match(leads.sudo().sorted("id"), step)
        rules.browse([rule.id for rule in matched if rule])._lock()
        for rule, mine in matched.items():
            decisions += mine._decide_by_rule(rule, now)
        return self._apply_dispatch(step, decisions, now)

    # === DECIDE ===

    def _decide_by_property_agent(self, now):
        """Return decisions for leads whose property has an agent who is there."""
        agents = self.property_id.agent_id
        if not agents:
            return []
        # sudo: crm.team.member - availability is read for whoever causes a distribution
        members = self.env["crm.team.member"].sudo()
        available, _left_out = members._split_by_availability(
            members.search([("user_id", "in", agents.ids)]), now
        )
        no_rule = self.env["estate.dispatch.rule"]
        return [
            (lead, lead.property_id.agent_id, no_rule, {"how": "property_agent"})
            for lead in self
            if lead.property_id.agent_id in available.user_id
        ]

    def _decide_by_rule(self, rule, now):
        """Return (lead, user, rule, reasons) for each lead of one rule."""
        if not rule:
            return [(lead, self.env["res.users"], rule, {"how": "pool"}) for lead in self]
        members = rule.team_id.with_context(active_test=False).crm_team_member_ids
        available, left_out = members._split_by_availability(members, now)
        shares = self.env["estate.dispatch.share"].sudo()._get_for(rule, available.user_id)
        candidates = tuple(
            distribution.Candidate(share.user_id.id, share.lead_count, share.last_at)
            for share in shares
        )
        choices = distribution.distribute_evenly(
            [(lead.id, candidates) for lead in self], now=now
        )
        self._remember_shares(shares, choices, now)
        users = self.env["res.users"]
        decisions = []
        for lead, choice in zip(self, choices, strict=True):
            user = users.browse(choice.candidate) if choice.candidate else rule.last_resort_id
            how = "rule" if choice.candidate else "last_resort" if user else "pool"
            reasons = {
                "how": how,
                "considered": list(choice.considered),
                "left_out": {str(key): reason for key, reason in left_out.items()},
            }
            decisions.append((lead, user, rule, reasons))
        return decisions

    def _remember_shares(self, shares, choices, now):
        counts = defaultdict(int)
        for choice in choices:
            counts[choice.candidate] += 1
        for share in shares:
            if count := counts.get(share.user_id.id):
                share.write({"lead_count": share.lead_count + count, "last_at": now})

    # === APPLY ===

    def _apply_dispatch(self, step, decisions, now):
        """Write decisions, people and tasks: one write for each person and office."""
        groups = defaultdict(lambda: self.env["crm.lead"])
        for lead, user, rule, _reasons in decisions:
            groups[user, rule] |= lead.with_env(self.env)
        for (user, rule), leads in groups.items():
            if user:
                # sudo: crm.lead - the giver may lose sight of what he gives away
                leads.sudo()._assign(user, rule.team_id, step)
        # sudo: estate.dispatch.decision - the ledger is written by the engine alone
        rows = self.env["estate.dispatch.decision"].sudo().create(
            [
                {
                    "lead_id": lead.id,
                    "rule_id": rule.id,
                    "step": step,
                    "user_id": user.id,
                    "decided_at": now,
                    "reasons": reasons,
                    "company_id": (lead.company_id or self.env.company).id,
                }
                for lead, user, rule, reasons in decisions
            ]
        )
        for (user, rule), leads in groups.items():
            if user:
                minutes = rule.deadline_minutes or 60
                leads.sudo()._schedule_step_task(step, user, minutes, now)
        return rows

    def _assign(self, user, team, step):
        """Make `user` responsible; his office takes the lead over when he has another."""
        office = team if user in team.member_ids else user.sale_team_id
        vals = {"user_id": user.id}
        if office:
            vals["team_id"] = office.id
        # Our task tells the person; Odoo's "you have been assigned" would tell it twice.
        self.with_context(mail_auto_subscribe_no_notify=True).write(vals)
        self._on_assigned(user, step)

    def _schedule_step_task(self, step, user, minutes, now):
        """Set the task of a step for `user`, due in business minutes of the office."""
        kind = self.env.ref(TASKS[step])
        activities = []
        for office, leads in self.grouped("team_id").items():
            due = office._add_business_minutes(now, minutes)
            local = self.with_context(tz=office._get_business_tz().zone)
            activities += [
                {
                    "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                    "res_id": lead.id,
                    "activity_type_id": kind.id,
                    "user_id": user.id,
                    "date_deadline": fields.Datetime.context_timestamp(local, due).date(),
                    "summary": kind.summary or kind.name,
                    "note": lead._render_task_note(step),
                    "automated": True,
                }
                for lead in leads
            ]
        quiet = {"mail_activity_quick_update": True} if len(self) > 1 else {}
        return self.env["mail.activity"].with_context(**quiet).create(activities)

    def _render_task_note(self, step):
        """Return the note of a task: the property and whom to speak to, one click away."""
        return self.env["ir.qweb"]._render(
            "crm_real_estate.task_note", {"lead": self, "step": step}
        )

    # === HOOKS ANSWERED ===

    def _on_leads_merged(self, leads):
        super()._on_leads_merged(leads)
        # sudo: estate.dispatch.decision - links follow the merge
        leads.sudo().decision_ids.write({"lead_id": self.id})

    # === HOOKS ===

    def _on_assigned(self, user, step):
        """These leads were given to `user`."""
