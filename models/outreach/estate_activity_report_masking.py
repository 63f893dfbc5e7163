from odoo import api, models

from ...tools import masking


class ActivityReport(models.Model):
    _inherit = "estate.activity.report"

    @api.model_create_multi
    def create(self, vals_list):
        reports = super().create(vals_list)
        reports.filtered("opening")._mask_opening()
        return reports

    def write(self, vals):
        result = super().write(vals)
        if vals.get("opening"):
            self._mask_opening()
        return result

    def _mask_opening(self):
        persons = self._get_masked_persons()
        for report in self:
            masked = report._mask(report.opening, persons[report])
            if masked != report.opening:
                report.opening = masked

    def _mask(self, text, persons):
        """Return `text` without the seekers of this report, in its reader's words."""
        env = self.with_context(lang=self._get_lang()).env
        word = env._("(seeker)") if self.audience == "vendor" else env._("(name)")
        return masking.mask(text or "", persons, word)

    def _get_masked_persons(self):
        """Return whom each report must not name: report -> `masking.Persons`.

        The number of queries does not depend on the number of reports.
        """
        seekers = self.property_ids._get_seekers()
        everybody = self.partner_id.union(*seekers.values())
        # sudo: res.partner - read at once, not by report; only looked for in texts
        everybody.sudo().fetch(["name", "phone", "email_normalized"])
        persons = {}
        for report in self:
            others = report.partner_id.browse().union(
                *(seekers[prop] for prop in report.property_ids)
            )
            if report.audience == "seeker":
                # sudo: res.partner - an owner is as secret to a seeker as he to him
                others |= report.property_ids.sudo().owner_ids.with_env(self.env)
            persons[report] = self._build_persons(report, others - report.partner_id)
        return persons

    @api.model
    def _build_persons(self, report, seekers):
        # sudo: res.partner - names and numbers are only looked for in texts
        seekers = seekers.sudo()
        agency = report.company_id.partner_id | report.property_ids.agent_id.partner_id
        may_stay = (agency | report.partner_id).sudo()
        return masking.Persons(
            names=tuple(filter(None, seekers.mapped("name"))),
            phones=tuple(filter(None, seekers.mapped("phone"))),
            allowed_phones=tuple(filter(None, may_stay.mapped("phone"))),
            allowed_mails=tuple(filter(None, may_stay.mapped("email_normalized"))),
            country=report.company_id.country_id.code or "",
        )
