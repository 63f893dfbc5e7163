from odoo import fields, models

from ..groups import MEMBERS
from ..ledger import ERASED


class PartnerOutreach(models.AbstractModel):
    """A contact as somebody who is told what was done."""

    _name = "estate.partner.outreach.mixin"
    _description = "Contact: reports"

    report_plan_ids = fields.One2many(
        "estate.report.plan",
        "partner_id",
        "Report plans",
        groups=MEMBERS,
    )
    activity_report_ids = fields.One2many(
        "estate.activity.report",
        "partner_id",
        "Reports",
        groups=MEMBERS,
    )

    def _get_offered_properties(self):
        """Return what this seeker was offered, asked about or saw; ended ones too."""
        # sudo: crm.lead - a report tells what colleagues did for the seeker, too
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        found = leads.search(
            [("partner_id", "in", self.ids), ("lead_role", "=", "seeker")]
        )
        return found.property_id.with_env(self.env)

    def action_open_reports(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reports to %s", self.name),
            "res_model": "estate.activity.report",
            "view_mode": "list,form",
            "domain": [("partner_id", "=", self.id)],
            "context": {
                "default_partner_id": self.id,
                "default_property_ids": self.owned_property_ids.ids,
            },
        }

    def _stop_offers(self):
        """These contacts said by a link that they want no more offers by mail."""
        source = self.env._("Link in an offer")
        allowed = self._may_receive_automatic("email", "matching")
        allowed._record_consent("denied", source, ("email",), "matching")

    def _get_personal_documents(self):
        # sudo: estate.alert - mails of alerts tell of the person, whoever got them
        alerts = self.env["estate.alert"].sudo()
        about = alerts.search([("lead_id", "in", self._find_personal_leads().ids)])
        return [*super()._get_personal_documents(), about]

    def _on_merging(self, others):
        super()._on_merging(others)
        # An owner has one plan: the survivor's own, else that of a merged contact.
        kept = {(plan.audience, plan.company_id) for plan in self.report_plan_ids}
        for plan in others.report_plan_ids:
            if (plan.audience, plan.company_id) in kept:
                plan.active = False
            kept.add((plan.audience, plan.company_id))

    def _on_erased(self, reason):
        super()._on_erased(reason)
        # sudo: estate.report.plan - a plan of any company ends
        self.sudo().report_plan_ids.active = False
        # sudo: estate.viewing - what the seeker said goes, whoever sees it
        viewings = self.env["estate.viewing"].sudo()
        viewings = viewings.search([("partner_id", "in", self.ids)])
        viewings.filtered("seeker_comment").seeker_comment = ERASED
        # sudo: estate.activity.report - whoever sees them
        reports = self.env["estate.activity.report"].sudo()
        reports = reports.search([("partner_id", "in", self.ids)])
        reports.filtered(lambda report: report.state == "draft").unlink()
        reports.exists().pdf_attachment_id.unlink()
