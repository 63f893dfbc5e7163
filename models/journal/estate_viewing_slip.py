from odoo import api, fields, models
from odoo.exceptions import UserError

# What the seeker signs; then what the system alone adds to it.
SIGNED = {"slip_signature", "slip_name", "slip_signed_at"}
KEPT = ("slip_signed_at", "slip_attachment_id")
REPORT = "crm_real_estate.action_report_viewing_slip"


class Viewing(models.Model):
    """The seeker signs on the agent's phone that he was shown the property."""

    _inherit = "estate.viewing"

    slip_signature = fields.Binary("Signature", attachment=True, copy=False)
    slip_name = fields.Char("Signed by", copy=False)
    slip_signed_at = fields.Datetime("Signed on", readonly=True, copy=False)
    slip_attachment_id = fields.Many2one(
        "ir.attachment", "Viewing slip", readonly=True, ondelete="set null", copy=False
    )

    @api.model_create_multi
    def create(self, vals_list):
        viewings = super().create([self._date_slip(vals) for vals in vals_list])
        viewings.filtered("slip_signed_at")._write_slip_journal()
        return viewings

    def write(self, vals):
        if SIGNED & set(vals):
            self._check_slip_unsigned()
        vals = self._date_slip(vals)
        result = super().write(vals)
        if vals.get("slip_signature"):
            self._write_slip_journal()
        return result

    def _date_slip(self, vals):
        """Return values that tell when a slip was signed, whoever gives a date."""
        if not self.env.su:
            vals = {name: vals[name] for name in vals if name not in KEPT}
        if vals.get("slip_signature"):
            vals = {**vals, "slip_signed_at": fields.Datetime.now()}
        return vals

    def _check_slip_unsigned(self):
        for viewing in self.filtered("slip_signed_at"):
            raise UserError(
                self.env._(
                    "The slip of %s is signed and cannot change.", viewing.display_name
                )
            )

    def _write_slip_journal(self):
        self.env["estate.interaction"]._write_journal(
            [
                {
                    "type": "slip_signed",
                    "lead_id": viewing.lead_id.id,
                    "partner_id": viewing.partner_id.id,
                    "property_id": viewing.property_id.id,
                    "company_id": viewing.company_id.id,
                    "summary": self.env._("The seeker signed the viewing slip"),
                    "origin": f"estate.viewing.slip,{viewing.id}",
                }
                for viewing in self
            ]
        )

    def action_print_slip(self):
        """Show the slip as PDF; the one that was signed is made once and kept."""
        self.ensure_one()
        self.check_access("read")
        if not self.slip_signed_at:
            url = f"/report/pdf/crm_real_estate.report_viewing_slip/{self.id}"
        else:
            # sudo: estate.viewing - whoever may read it may keep its PDF with it
            url = f"/web/content/{self.sudo()._keep_slip().id}"
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}

    def _keep_slip(self):
        """Return the PDF of the signed slip, made the first time it is asked for."""
        if not self.slip_attachment_id:
            printer = self.env["ir.actions.report"].with_company(self.company_id)
            content, _kind = printer._render_qweb_pdf(REPORT, self.ids)
            self.slip_attachment_id = self.env["ir.attachment"].create(
                {
                    "name": f"{self.env._('Viewing slip')} {self.start.date()}.pdf",
                    "raw": content,
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        return self.slip_attachment_id

    def _erase_slips(self):
        """Forget who signed: signature and PDF are the person's own."""
        self.slip_attachment_id.unlink()
        signed = self.filtered("slip_signed_at")
        # The moment stays: that a slip was signed, and when.
        plain = super(Viewing, signed)  # the write below asks for an unsigned slip
        plain.write({"slip_signature": False, "slip_name": False})
