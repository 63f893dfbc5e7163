from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _name = "res.config.settings"
    _inherit = "res.config.settings"

    estate_viewing_minutes = fields.Integer(
        related="company_id.estate_viewing_minutes", readonly=False
    )
    estate_most_attempts = fields.Integer(
        related="company_id.estate_most_attempts", readonly=False
    )
    estate_report_rhythm = fields.Selection(
        related="company_id.estate_report_rhythm", readonly=False
    )
    estate_health = fields.Html(compute="_compute_estate_health", sanitize=False)

    def _compute_estate_health(self):
        report = self.env["estate.health"].new().report
        for settings in self:
            settings.estate_health = report
