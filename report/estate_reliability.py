from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class ReportReliability(models.AbstractModel):
    """The sheet that a person may ask for: every fact behind its index."""

    _name = "report.crm_real_estate.report_reliability"
    _description = "Index of reliability, printed for the person"

    @api.model
    def _get_report_values(self, docids, data=None):
        partners = self.env["res.partner"].browse(docids)
        partners.check_access("read")
        if others := partners.filtered(lambda partner: not partner.estate_kind):
            raise UserError(
                self.env._("%s is no contact of the agency.", others[0].display_name)
            )
        return {
            "doc_ids": docids,
            "doc_model": partners._name,
            "docs": partners,
            "sheets": [self._prepare_sheet(partner) for partner in partners],
        }

    @api.model
    def _prepare_sheet(self, partner):
        """Return what the template prints of one person, in its language."""
        lang = partner.lang or self.env.lang
        partner = partner.with_context(lang=lang)
        sheet = partner._get_reliability_sheet()
        env = partner.env
        prior_date = sheet["prior_date"]
        return {
            **sheet,
            "lang": lang,
            "partner": partner,
            "company": partner.company_id or self.env.company,
            "prior_date": prior_date and format_date(env, prior_date),
            "facts": [
                {
                    **fact,
                    "date": format_date(env, fact["occurred_at"]),
                    "property": fact["row"].property_id.name,
                    "percent": round(100 * fact["left"]),
                }
                for fact in sheet["facts"]
            ],
        }
