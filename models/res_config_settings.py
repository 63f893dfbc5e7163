from odoo import api, fields, models

GEOCODE_CRON = "crm_real_estate.ir_cron_geocode"


class ResConfigSettings(models.TransientModel):
    _name = "res.config.settings"
    _inherit = "res.config.settings"

    estate_claim_limit = fields.Integer(
        related="company_id.estate_claim_limit", readonly=False
    )
    estate_viewing_minutes = fields.Integer(
        related="company_id.estate_viewing_minutes", readonly=False
    )
    estate_search_days = fields.Integer(
        related="company_id.estate_search_days", readonly=False
    )
    estate_search_notice_days = fields.Integer(
        related="company_id.estate_search_notice_days", readonly=False
    )
    estate_most_attempts = fields.Integer(
        related="company_id.estate_most_attempts", readonly=False
    )
    estate_report_rhythm = fields.Selection(
        related="company_id.estate_report_rhythm", readonly=False
    )
    estate_retention_months = fields.Integer(
        related="company_id.estate_retention_months", readonly=False
    )
    estate_alert_ladder = fields.Boolean(
        related="company_id.estate_alert_ladder", readonly=False
    )
    estate_alert_sms_seconds = fields.Integer(
        related="company_id.estate_alert_sms_seconds", readonly=False
    )
    estate_alert_pass_minutes = fields.Integer(
        related="company_id.estate_alert_pass_minutes", readonly=False
    )
    estate_quiet_from = fields.Float(
        related="company_id.estate_quiet_from", readonly=False
    )
    estate_quiet_to = fields.Float(related="company_id.estate_quiet_to", readonly=False)
    estate_report_rhythm_rent = fields.Selection(
        related="company_id.estate_report_rhythm_rent", readonly=False
    )
    estate_news_every_days = fields.Integer(
        related="company_id.estate_news_every_days", readonly=False
    )
    estate_map_tiles = fields.Char(
        related="company_id.estate_map_tiles", readonly=False
    )
    estate_map_attribution = fields.Char(
        related="company_id.estate_map_attribution", readonly=False
    )
    estate_has_map_library = fields.Boolean(
        "Map library", compute="_compute_estate_has_map_library"
    )
    estate_health = fields.Html(compute="_compute_estate_health", sanitize=False)
    estate_is_geocoding = fields.Boolean("Find coordinates by address")

    @api.model
    def get_values(self):
        return super().get_values() | {
            "estate_is_geocoding": self._get_geocode_cron().active
        }

    def set_values(self):
        result = super().set_values()
        cron = self._get_geocode_cron()
        if cron.active != self.estate_is_geocoding:
            cron.active = self.estate_is_geocoding
        return result

    @api.model
    def _get_geocode_cron(self):
        """Return the job that finds coordinates; empty when it was deleted."""
        cron = self.env.ref(GEOCODE_CRON, raise_if_not_found=False)
        # sudo: ir.cron - who may open the settings switches this one job on and off
        return (cron or self.env["ir.cron"]).sudo()

    def _compute_estate_has_map_library(self):
        self.estate_has_map_library = self.env["res.company"]._has_map_library()

    def _compute_estate_health(self):
        report = self.env["estate.health"].new().report
        for settings in self:
            settings.estate_health = report
