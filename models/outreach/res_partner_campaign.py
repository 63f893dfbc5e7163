from markupsafe import Markup

from odoo import models
from odoo.fields import Command


class PartnerCampaign(models.AbstractModel):
    """A contact as an owner who gets a mailing with his own current report."""

    _name = "estate.partner.campaign.mixin"
    _description = "Contact: mailings with reports"

    def _get_reported_properties(self):
        """Return what each of these owners follows on a page: contact -> properties."""
        # sudo: estate.property - a mailing to an owner names what he owns
        properties = self.env["estate.property"].sudo()
        found = properties.search(
            [("owner_ids", "in", self.ids), ("state", "!=", "draft")], order="id"
        )
        return {
            owner: found.filtered(lambda prop, owner=owner: owner in prop.owner_ids)
            for owner in self
        }

    def _get_current_reports(self):
        """Return the newest document sent to each of these: contact -> report."""
        # sudo: estate.activity.report - the owner gets his own report once more
        reports = self.env["estate.activity.report"].sudo()
        found = reports.search(
            [
                ("partner_id", "in", self.ids),
                ("audience", "=", "vendor"),
                ("state", "=", "sent"),
                ("pdf_attachment_id", "!=", False),
            ],
            order="date_to, id",
        )
        return {report.partner_id.with_env(self.env): report for report in found}

    def _add_campaign_report(self, values, carry):
        """Put each owner's own report into the mails to these contacts.

        :param dict values: contact id -> values of its mail, changed in place
        :param str carry: "link" or "attachment"
        """
        if carry == "attachment":
            for owner, report in self._get_current_reports().items():
                report._check_pdf()
                attachments = values[owner.id].setdefault("attachment_ids", [])
                attachments.append(Command.link(report.pdf_attachment_id.id))
            return
        for owner, properties in self._get_reported_properties().items():
            block = self.env["ir.qweb"]._render(
                "crm_real_estate.campaign_links",
                {"owner": owner, "properties": properties},
                lang=owner.lang or self.env.lang,
            )
            for name in ("body", "body_html"):
                if values[owner.id].get(name):
                    values[owner.id][name] = Markup(values[owner.id][name]) + block

    def _add_campaign_link(self, texts):
        """Return the texts of SMS to these owners with the address of their page."""
        properties = self._get_reported_properties()
        return {
            owner.id: f"{texts[owner.id]} {pages[:1]._get_owner_page_url(owner)}"
            for owner, pages in properties.items()
            if pages
        }
