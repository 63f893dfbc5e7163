from odoo import fields, models

from .. import inner
from ..groups import MEMBERS

ANSWER = "crm_real_estate.mail_activity_type_answer"


class LeadAlert(models.AbstractModel):
    """Who is given an enquiry hears of it at once, in the way he has chosen."""

    _name = "estate.lead.alert.mixin"
    _description = "Lead: alerts"

    alert_ids = fields.One2many("estate.alert", "lead_id", "Alerts", groups=MEMBERS)

    # === ASSIGNMENT ===

    def _get_responsibles(self, vals=None):
        """Return lead id -> who has it, before `vals` are written; {} without need."""
        if vals is not None and not {"user_id", "lead_role"} & set(vals):
            return {}
        # sudo: crm.lead - the write may take the leads from the user's sight
        return {lead.id: lead.user_id.id for lead in self.sudo()}

    def _alert_responsibles(self, before):
        """Alert who has got one of these leads just now; who had it hears no more.

        :param dict before: lead id -> id of who had it, False for nobody
        """
        # sudo: crm.lead, estate.alert - as above
        changed = self.sudo().filtered(
            lambda lead: lead.user_id.id != before.get(lead.id, lead.user_id.id)
        )
        changed.alert_ids._close()
        changed._get_told_by_alert()._send_alerts()

    def _get_told_by_alert(self):
        """Return those of these leads whose new person is told by an alert.

        Quiet are batches that the system makes for a mailing, merges, hand-overs, which
        tell the receiver themselves, demo data; who takes a lead himself knows it.
        """
        is_quiet = (
            inner.hear(self.env, "matching")
            or inner.hear(self.env, "merging")
            or inner.hear(self.env, "handing_over")
        )
        if is_quiet or self.env.context.get("install_mode"):
            return self.browse()
        return self.filtered(lambda lead: lead.lead_role == "seeker")._get_alertable()

    def _get_alertable(self):
        """Return those of these leads that somebody else than the user works on."""
        return self.filtered(
            lambda lead: (
                lead.won_status == "pending"
                and lead.user_id.active
                and lead.user_id != self.env.user
                and lead.user_id.has_groups(MEMBERS)
            )
        )

    def _send_alerts(self):
        """Alert the persons of these leads once the transaction is done."""
        if self:
            self.env["estate.alert"]._send_later(self)

    # === NOT ON TOP ===

    def _schedule_step_tasks(self, step, groups, now):
        # The alert tells of the enquiry; no mail tells of its task on top.
        leads = self._be_quiet_about_tasks() if step == "enquiry" else self
        return super(LeadAlert, leads)._schedule_step_tasks(step, groups, now)

    def _create_stage_tasks(self):
        answer = self.env.ref(ANSWER, raise_if_not_found=False)
        told = self.filtered(
            lambda lead: answer and lead.stage_id.next_task_type_id == answer
        )
        super(LeadAlert, self - told)._create_stage_tasks()
        if told:
            super(LeadAlert, told._be_quiet_about_tasks())._create_stage_tasks()

    def _follow_responsible(self, before):
        told = self._get_told_by_alert()
        super(LeadAlert, self - told)._follow_responsible(before)
        if told:
            super(LeadAlert, told._be_quiet_about_tasks())._follow_responsible(before)

    def _be_quiet_about_tasks(self):
        return self.with_context(mail_activity_quick_update=True)

    # === THE NEXT CANDIDATE ===

    def _get_passed_over(self):
        """Add who has not seen an alert about the lead: he does not get it again."""
        passed_over = super()._get_passed_over()
        for lead in self:
            unseen = lead.alert_ids.filtered("passed_on_at").user_id
            passed_over.setdefault(lead.id, set()).update(unseen.ids)
        return passed_over

    # === HOOKS ANSWERED ===

    def _get_seen_at(self):
        seen = super()._get_seen_at()
        # sudo: estate.alert - only the first moment is read, for the clock
        groups = (
            self.env["estate.alert"]
            .sudo()
            ._read_group(
                [("lead_id", "in", self.ids), ("seen_at", "!=", False)],
                ["lead_id"],
                ["seen_at:min"],
            )
        )
        for lead, moment in groups:
            seen[lead] = min(filter(None, (seen.get(lead), moment)))
        return seen

    # === WHAT IS TOLD ===

    def _get_alert_contact(self):
        """Return who asks."""
        self.ensure_one()
        return self._get_who_asks()

    def _get_alert_message(self):
        """Return what the seeker wrote, his last words first."""
        self.ensure_one()
        rows = self.interaction_ids.filtered(lambda row: row.type_code == "enquiry")
        return rows[:1].summary or ""

    def _get_alert_source(self):
        """Return where the enquiry came from."""
        self.ensure_one()
        return self.intake_source_id.name or self.source_id.name or ""

    def _get_alert_matches(self):
        """Return names of other properties that fit what the seeker looks for."""
        self.ensure_one()
        if not self.partner_id:
            return []
        # sudo: estate.pair - who has the enquiry may offer what fits
        pairs = (
            self.env["estate.pair"]
            .sudo()
            .search(
                [
                    ("search_id.partner_id", "=", self.partner_id.id),
                    ("property_id", "!=", self.property_id.id),
                    ("state", "=", "new"),
                    ("is_fitting", "=", True),
                ],
                order="score desc, id",
                limit=5,
            )
        )
        return pairs.property_id.mapped("display_name")
