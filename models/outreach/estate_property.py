from odoo import fields, models


class Property(models.Model):
    _inherit = "estate.property"

    report_plan_ids = fields.Many2many("estate.report.plan", compute="_compute_report_plan_ids")

    def _compute_report_plan_ids(self):
        for prop in self:
            prop.report_plan_ids = prop.owner_ids.report_plan_ids

    def _plan_owner_reports(self):
        """Give each owner without a report plan the default one."""
        plans = self.env["estate.report.plan"]
        vals_list = []
        for company, properties in self.grouped("company_id").items():
            planned = plans.search(
                [("partner_id", "in", properties.owner_ids.ids), ("company_id", "=", company.id)]
            )
            vals_list += [
                {
                    "partner_id": owner.id,
                    "company_id": company.id,
                    "rhythm": company.estate_report_rhythm,
                }
                for owner in properties.owner_ids - planned.partner_id
            ]
        return plans.create(vals_list)
