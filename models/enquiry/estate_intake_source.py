import base64
import hashlib

from odoo import fields, models
from odoo.tools import SQL


class IntakeSource(models.Model):
    """An inbox: where listings or enquiries come from, and what they mean there."""

    _name = "estate.intake.source"
    _description = "Intake source"
    _inherit = ["mail.alias.mixin", "mail.thread"]
    _order = "sequence, name, id"

    name = fields.Char(required=True)
    kind = fields.Selection(
        [("openimmo", "Listings in OpenImmo files"), ("mail", "Enquiries by mail")],
        required=True,
        default="openimmo",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    team_id = fields.Many2one(
        "crm.team",
        "Office",
        check_company=True,
        ondelete="restrict",
        help="The office that new leads belong to until they are distributed.",
    )
    contact_role = fields.Selection(
        [("owner", "The owner"), ("broker", "A broker")],
        "Contact data are those of",
        required=True,
        default="broker",
        help="Whom the listings of this source name as contact. Only an owner is "
        "called by the call centre; a broker becomes an agency contact.",
    )
    utm_source_id = fields.Many2one("utm.source", "Marketing source")
    intake_count = fields.Integer("Received", compute="_compute_counts")
    to_check_count = fields.Integer("To check", compute="_compute_counts")
    intake_message_ids = fields.One2many("estate.intake.message", "source_id", "Inbox")
    criterion_ids = fields.One2many(
        "estate.intake.criterion",
        "source_id",
        "Criteria",
        help="A listing enters when it fits one of these. No criteria: all enter.",
    )
    refuse_duplicates = fields.Boolean(
        "Refuse what we already have",
        help="A listing does not enter when a property that is not withdrawn or closed "
        "has the same address, area and deal, or the same phone, price and deal.",
    )
    refused_count = fields.Integer(
        "Refused by criteria", compute="_compute_refused_count"
    )

    def _compute_counts(self):
        groups = self.env["estate.intake.message"]._read_group(
            [("source_id", "in", self.ids)], ["source_id", "state"], ["__count"]
        )
        total, waiting = {}, {}
        for source, state, count in groups:
            total[source.id] = total.get(source.id, 0) + count
            if state in ("to_check", "refused", "failed"):
                waiting[source.id] = waiting.get(source.id, 0) + count
        for source in self:
            source.intake_count = total.get(source.id, 0)
            source.to_check_count = waiting.get(source.id, 0)

    def _compute_refused_count(self):
        # sudo: estate.intake.item - only how many wait is told
        items = self.env["estate.intake.item"].sudo()
        groups = items._read_group(
            [("source_id", "in", self.ids), ("is_open", "=", True)],
            ["source_id"],
            ["__count"],
        )
        counts = {source.id: count for source, count in groups}
        for source in self:
            source.refused_count = counts.get(source.id, 0)

    # === ALIAS ===

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("estate.intake.message")
        if self.id:
            values["alias_defaults"] = repr({"source_id": self.id})
        return values

    # === INBOX ===

    def _store(self, kind, name, raw, key=None, received_at=None):
        """Put raw bytes into the inbox, before anybody parses them.

        What is already there is not stored twice: a mail by its fingerprint for ever, a
        file when it equals the last one of this source.

        :param str kind: "file" or "mail"
        :param str name: file name or subject, for people
        :param bytes raw: what arrived
        :param str key: unique key inside the source; default: hash of the bytes
        :return: the `estate.intake.message`, new or found
        """
        self.ensure_one()
        # sudo: estate.intake.message - the inbox takes from whoever may deliver
        inbox = self.env["estate.intake.message"].sudo()
        content_hash = hashlib.sha256(raw).hexdigest()
        key = key or content_hash
        # Raw SQL: two deliveries of the same thing queue up here, the second finds the
        # first; the lock ends with the transaction.
        self.env.cr.execute(
            SQL(
                "SELECT pg_advisory_xact_lock(hashtext(%s))",
                f"estate.intake,{self.id},{key}",
            )
        )
        same = inbox.search(
            [("source_id", "=", self.id), ("content_key", "=", key)], order="id desc"
        )
        if same and (
            kind == "mail"
            or same[0]
            == inbox.search([("source_id", "=", self.id)], order="id desc", limit=1)
        ):
            same[0].duplicate_count += 1
            return same[0]
        return inbox.create(
            {
                "source_id": self.id,
                "kind": kind,
                "name": name or self.env._("Without subject"),
                "raw": base64.b64encode(raw),
                "raw_size": len(raw),
                "content_key": key,
                "unique_key": f"{key}/{len(same)}",
                "received_at": received_at or fields.Datetime.now(),
                "company_id": self.company_id.id,
            }
        )

    def action_open_inbox(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_real_estate.estate_intake_message_action"
        )
        action["domain"] = [("source_id", "=", self.id)]
        action["context"] = {"default_source_id": self.id}
        return action

    def action_open_refused(self):
        """Open the listings of this source that its criteria keep out."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "crm_real_estate.estate_intake_item_action_refused"
        )
        action["domain"] = [("source_id", "=", self.id), ("outcome", "=", "refused")]
        return action

    def action_upload(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Upload a file"),
            "res_model": "estate.intake.upload",
            "view_mode": "form",
            "target": "new",
            "context": {"default_source_id": self.id},
        }
