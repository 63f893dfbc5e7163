from textwrap import shorten

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import plaintext2html

from .. import inner


class HandOver(models.Model):
    """A contact that one person gave to another, with what hangs on it."""

    _name = "estate.hand.over"
    _description = "Hand-over of a contact"
    _inherit = "estate.about.contact.mixin"
    _order = "handed_at desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Contact", required=True, ondelete="cascade", index=True
    )
    from_user_id = fields.Many2one("res.users", "From", ondelete="restrict")
    to_user_id = fields.Many2one(
        "res.users", "To", required=True, ondelete="restrict", index=True
    )
    user_id = fields.Many2one(
        "res.users",
        "Handed over by",
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    handed_at = fields.Datetime(
        "Handed over on", required=True, default=fields.Datetime.now
    )
    note = fields.Text()
    lead_count = fields.Integer("Enquiries")
    task_count = fields.Integer("Tasks")
    state = fields.Selection(
        [("done", "Handed over"), ("undone", "Taken back")],
        required=True,
        default="done",
    )
    undone_by_id = fields.Many2one("res.users", "Taken back by", ondelete="restrict")
    undone_at = fields.Datetime("Taken back on")
    # model -> id -> whose it was before, in the fields of `_get_whose`
    before = fields.Json(groups="base.group_system")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    notice_id = fields.Many2one("mail.activity", "Task", ondelete="set null")
    may_undo = fields.Boolean(compute="_compute_may_undo")

    @api.depends("state", "from_user_id", "to_user_id", "user_id")
    @api.depends_context("uid")
    def _compute_may_undo(self):
        is_manager = self.env.user.has_group("crm_real_estate.group_office_manager")
        for row in self:
            people = row.from_user_id | row.to_user_id | row.user_id
            row.may_undo = row.state == "done" and (
                is_manager or self.env.user in people
            )

    # === HAND OVER ===

    @api.model
    def _get_whose(self):
        """Return what goes along -> its fields that say whose it is, the person first.

        What comes first changes hands first: tasks follow their leads.
        """
        return {
            "res.partner": ("user_id",),
            "crm.lead": ("user_id", "team_id"),
            "mail.activity": ("user_id",),
        }

    @api.model
    def _hand_over(self, parts, receiver, note):
        """Give contacts to `receiver` and tell him at once.

        :param dict parts: contact -> list of recordsets that go along with it
        :param receiver: `res.users`
        :param note: what he should know, or False
        :return: a row for each contact
        """
        # sudo: estate.hand.over - written here alone, by whoever may hand over
        rows = self.sudo().create(
            [
                {
                    "partner_id": contact.id,
                    "from_user_id": contact.user_id.id or self.env.uid,
                    "to_user_id": receiver.id,
                    "note": note,
                    "before": self._remember([contact, *along]),
                    **self._count_along(along),
                }
                for contact, along in parts.items()
            ]
        )
        along = [records for many in parts.values() for records in many]
        self._give([*parts, *along], receiver)
        rows._on_handed_over()
        rows._tell_receiver()
        return rows

    @api.model
    def _count_along(self, records_list):
        """Return how much goes along, in the fields that tell it."""
        return {
            "lead_count": self._count(records_list, "crm.lead"),
            "task_count": self._count(records_list, "mail.activity"),
        }

    @api.model
    def _count(self, records_list, model):
        return sum(len(records) for records in records_list if records._name == model)

    @api.model
    def _remember(self, records_list):
        """Return whose these records are: model -> id -> value of each field."""
        before = {}
        for records in records_list:
            names = self._get_whose()[records._name]
            # sudo: contact, leads and tasks - only whose they are is kept
            for record in records.sudo():
                whose = {name: record[name].id for name in names}
                before.setdefault(records._name, {})[str(record.id)] = whose
        return before

    @api.model
    def _quietly(self, records):
        """Return records whose change of hands sends no mail of its own."""
        # sudo: contact, leads and tasks - who may hand over was checked by the form
        quiet = inner.say(records.sudo(), handing_over=True)
        return quiet.with_context(
            mail_auto_subscribe_no_notify=True, mail_activity_quick_update=True
        )

    @api.model
    def _give(self, records_list, receiver):
        """Make `receiver` responsible: contacts and leads first, their tasks follow."""
        by_model = {}
        for records in records_list:
            known = by_model.setdefault(records._name, records.browse())
            by_model[records._name] = known | records
        for model, names in self._get_whose().items():
            # A task may have ended with the lead's change of hands.
            records = self._quietly(by_model.get(model, self.env[model])).exists()
            records.write({names[0]: receiver.id})

    # === TAKE BACK ===

    def action_undo(self):
        """Give back what the receiver still has of these hand-overs."""
        for row in self:
            if not row.may_undo:
                raise AccessError(
                    self.env._(
                        "Only the people of this hand-over and office managers may "
                        "take it back, and only once."
                    )
                )
            row._undo()

    def _undo(self):
        # sudo: estate.hand.over - the people of a hand-over may take it back
        row = self.sudo()
        returned = row._give_back()
        if not any(returned.values()):
            raise UserError(
                self.env._(
                    "%(contact)s was given to somebody else since. Hand it over anew.",
                    contact=row.partner_id.display_name,
                )
            )
        row.write(
            {
                "state": "undone",
                "undone_by_id": self.env.uid,
                "undone_at": fields.Datetime.now(),
            }
        )
        row.notice_id.unlink()
        row._on_hand_over_undone(returned)

    def _give_back(self):
        """Return what went back to who had it before: model -> records."""
        returned = {}
        for model, names in self._get_whose().items():
            before = (self.before or {}).get(model, {})
            records = self._quietly(self.env[model].browse(map(int, before))).exists()
            records = self._get_returning(records).filtered(
                lambda record: record[names[0]] == self.to_user_id  # noqa: B023
            )
            by_whose = records.grouped(lambda r: tuple(before[str(r.id)].items()))  # noqa: B023
            for whose, some in by_whose.items():
                some.write(dict(whose))
            returned[model] = records
        return returned

    @api.model
    def _get_returning(self, records):
        """Return those that may go back; what is over stays with who did it."""
        return records

    # === THE RECEIVER IS TOLD ===

    def _tell_receiver(self):
        """Set a task for each contact; mail or text as well, as the receiver chose."""
        receiver = self.to_user_id.with_context(lang=self.to_user_id.lang)
        env = receiver.env
        title = env._("Handed over by %s", self.user_id[:1].name)
        for row in self:
            row.notice_id = self._quietly(row.partner_id).activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=receiver.id,
                summary=title,
                note=plaintext2html(row.note) if row.note else False,
            )
        names = ", ".join(self.partner_id.mapped("display_name"))
        if receiver.hand_over_notice == "mail" and receiver.email:
            self._mail(receiver, title, names)
        elif receiver.hand_over_notice == "sms" and receiver.phone:
            self._text(receiver, f"{title}: {names}")

    def _mail(self, receiver, title, names):
        """Mail the receiver, in the minute in which the contacts became his."""
        # sudo: mail.mail - a mail to a colleague about his own work
        mail = (
            self.env["mail.mail"]
            .sudo()
            .create(
                {
                    "subject": f"{title}: {shorten(names, 80, placeholder='…')}",
                    "body_html": Markup().join(
                        plaintext2html(text) for text in (names, self[:1].note) if text
                    ),
                    "email_from": self.env.user.email_formatted,
                    "email_to": receiver.email_formatted,
                    "auto_delete": True,
                }
            )
        )
        mail.send_after_commit()

    def _text(self, receiver, words):
        # sudo: sms.sms - a message to a colleague about his own work
        self.env["sms.sms"].sudo().create(
            {
                "number": receiver.partner_id.phone_sanitized or receiver.phone,
                "partner_id": receiver.partner_id.id,
                "body": words,
            }
        )
        # sudo: ir.cron - it leaves with the next run, which is now
        self.env.ref("sms.ir_cron_sms_scheduler_action").sudo()._trigger()

    # === HOOKS ===

    def _on_handed_over(self):
        """The contacts of these rows have a new person."""

    def _on_hand_over_undone(self, returned):
        """The contact of this row went back: model -> records that went along."""
