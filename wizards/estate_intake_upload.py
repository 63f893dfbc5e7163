import base64

from odoo import fields, models
from odoo.exceptions import UserError

MOST_BYTES = 100 * 1024 * 1024


class IntakeUpload(models.TransientModel):
    """Puts a file into the inbox; parsing starts with the next step."""

    _name = "estate.intake.upload"
    _description = "Upload a file"

    source_id = fields.Many2one(
        "estate.intake.source",
        required=True,
        domain="[('kind', '=', 'openimmo')]",
        ondelete="cascade",
    )
    content = fields.Binary("File", required=True, attachment=False)
    file_name = fields.Char()

    def action_store(self):
        """Store the file and open it in the inbox.

        The request ends, and with it the transaction, before anything is parsed: the
        screen that opens asks for the parsing by a call of its own.
        """
        self.ensure_one()
        raw = base64.b64decode(self.content)
        if len(raw) > MOST_BYTES:
            raise UserError(
                self.env._(
                    "%s is larger than 100 MB. Ask the sender to split it.",
                    self.file_name,
                )
            )
        message = self.source_id._store(
            "file", self.file_name or self.env._("Upload"), raw
        )
        return {
            "type": "ir.actions.client",
            "tag": "estate_intake_process",
            "params": {"message_id": message.id},
        }
