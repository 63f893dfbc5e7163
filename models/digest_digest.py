from odoo import models
from odoo.fields import Domain


class DigestDigest(models.Model):
    """The host on the digest: its figures of CRM stay those of CRM's own leads."""

    _name = "digest.digest"
    _inherit = ["estate.digest.mixin", "digest.digest"]

    def _compute_kpis(self, company, user):
        kpis = super()._compute_kpis(company, user)
        return kpis + self._get_further_kpis(company, user)

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        return actions | self._get_estate_links()

    def _calculate_company_based_kpi(
        self,
        model,
        digest_kpi_field,
        date_field="create_date",
        additional_domain=None,
        sum_field=None,
    ):
        if model == "crm.lead":
            additional_domain = Domain(additional_domain or Domain.TRUE) & Domain(
                "pipeline", "=", False
            )
        return super()._calculate_company_based_kpi(
            model, digest_kpi_field, date_field, additional_domain, sum_field
        )
