import ast
import logging

from psycopg2 import OperationalError

from odoo import api, models
from odoo.fields import Domain

from ..tools.mail_parts import read_envelope

_logger = logging.getLogger(__name__)


def read_defaults(alias):
    """Return the values an alias gives to new records, none when it has none."""
    try:
        return dict(ast.literal_eval(alias.alias_defaults or "{}"))
    except (SyntaxError, TypeError, ValueError):
        return {}


class MailThread(models.AbstractModel):
    _name = "mail.thread"
    _inherit = "mail.thread"

    # === THE GATE ===

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_get_recipients(message, msg_vals, **kwargs)
        # sudo: mail.message - who posts on a portal may not read what he posts
        posted = message.sudo()
        kind = (msg_vals or {}).get("message_type") or posted.message_type
        if not (posted.estate_automatic or kind == "auto_comment"):
            return recipients
        # What the system sends passes the gate, whoever's click set it off.
        ids = [data["id"] for data in recipients if data["id"] and data["share"]]
        # sudo: res.partner - the gate must see every recipient, whoever sends
        contacts = self.env["res.partner"].sudo().browse(ids)
        left_out = set(contacts._get_left_out("sms" if kind == "sms" else "email").ids)
        return [data for data in recipients if data["id"] not in left_out]

    # === INBOX FIRST ===

    @api.model
    def message_process(
        self,
        model,
        message,
        custom_values=None,
        save_original=False,
        strip_attachments=False,
        thread_id=None,
    ):
        # The inbox keeps a mail as it came, and before Odoo parses it: what nobody can
        # parse, such as an unknown charset, Odoo's gateway would lose.
        raw = getattr(message, "data", message)
        raw = raw.encode() if isinstance(raw, str) else bytes(raw)
        arguments = (custom_values, save_original, strip_attachments, thread_id)
        inboxes = self._find_estate_inboxes(raw)
        open_to_all = {
            alias: source
            for alias, source in inboxes.items()
            if alias.alias_contact == "everyone"
        }
        for source in open_to_all.values():
            self._store_estate_mail(source, raw)
        stored = {source.id for source in open_to_all.values()}
        thread = self.with_context(estate_raw_mail=raw, estate_stored_for=stored)
        process = super(MailThread, thread).message_process
        if not inboxes:
            return process(model, message, *arguments)
        try:
            # Whatever Odoo meets then takes nothing out of the inbox again.
            with self.env.cr.savepoint():
                return process(model, message, *arguments)
        except OperationalError:
            # A request is tried again as a whole; who fetches mails has one try.
            if not self.env.context.get("fetchmail_cron_running"):
                raise
            error = "OperationalError"
        except Exception as failure:  # noqa: BLE001 - the mail lies in the inbox
            error = type(failure).__name__
        _logger.warning("A mail for the inbox is left to its job: %s", error)
        for source in inboxes.values():
            if source.id not in stored:
                self._store_estate_mail(source, raw)
        return False

    @api.model
    def message_route(
        self, message, message_dict, model=None, thread_id=None, custom_values=None
    ):
        # A mail for one of our sources leaves the gateway here; it is parsed later by
        # the job, where an error loses nothing.
        routes = super().message_route(
            message, message_dict, model, thread_id, custom_values
        )
        stored = self.env.context.get("estate_stored_for", ())
        others = []
        for route in routes or []:
            if route[0] == "estate.intake.message" and not route[1]:
                source_id = (route[2] or {}).get("source_id")
                # sudo: estate.intake.source - the gateway delivers for everybody
                source = self.env["estate.intake.source"].sudo().browse(source_id)
                if source_id not in stored and source.exists():
                    raw = self.env.context.get("estate_raw_mail")
                    self._store_estate_mail(source, raw or message.as_bytes())
            else:
                others.append(route)
        return others

    @api.model
    def _find_estate_inboxes(self, raw):
        """Return the inboxes that a raw mail is addressed to: alias -> source.

        Aliases are compared as Odoo's gateway does it, without parsing the mail.
        """
        recipients = read_envelope(raw).recipients
        if not recipients:
            return {}
        # sudo: ir.config_parameter, mail.alias, estate.intake.source - the gateway
        # delivers for everybody
        system = self.sudo().env
        domains = system["ir.config_parameter"].get_param(
            "mail.catchall.domain.allowed"
        )
        allowed = set(filter(None, (domains or "").split(",")))
        if allowed:
            own = system["mail.alias.domain"].search([("name", "!=", False)])
            allowed |= set(own.mapped("name"))
        pairs = [recipient.split("@", 1) for recipient in recipients]
        local = [name for name, host in pairs if not allowed or host in allowed]
        aliases = system["mail.alias"].search(
            Domain("alias_model_id.model", "=", "estate.intake.message")
            & (
                Domain("alias_full_name", "in", recipients)
                | Domain("alias_name", "in", local)
                & Domain("alias_incoming_local", "=", True)
            )
        )
        sources = system["estate.intake.source"]
        found = {
            alias: sources.browse(read_defaults(alias).get("source_id")).exists()
            for alias in aliases
        }
        return {alias: source for alias, source in found.items() if source}

    @api.model
    def _store_estate_mail(self, source, raw):
        # sudo: estate.intake.message - the gateway delivers for everybody
        self.env["estate.intake.message"].sudo()._receive_mail(source, raw)
