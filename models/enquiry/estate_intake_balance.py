"""The nightly balance: what came in is done, refused, or waits for a person."""

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from .estate_intake_work import MOST_ATTEMPTS

BATCH = 500
# What has not come to an end after that is no matter of waiting any more.
LATE_HOURS = 24


class IntakeBalance(models.AbstractModel):
    """The part of an intake message that is counted at night."""

    _name = "estate.intake.balance.mixin"
    _description = "Intake: balance"

    is_balanced = fields.Boolean(
        readonly=True,
        help="The night job has found everything that was made of it.",
    )

    @api.model
    def _cron_check_inbox(self):
        """Tell who keeps the settings what came in and has come to no end.

        Inbox = done + refused + to check + failed for good. What is done must have made
        what it held: a journal row for each enquiry, a result for each object.
        """
        cron = self.env["ir.cron"]
        done = Domain("state", "=", "done") & Domain("is_balanced", "=", False)
        cron._commit_progress(remaining=self.search_count(done))
        wrong, last_id = defaultdict(self.browse), 0
        while batch := self.search(
            done & Domain("id", ">", last_id), limit=BATCH, order="id"
        ):
            last_id = batch[-1].id
            torn = batch._find_unbalanced()
            (batch - torn).is_balanced = True
            for source, messages in torn.grouped("source_id").items():
                wrong[source] |= messages
            if not cron._commit_progress(len(batch)):
                # The rest is counted by the next run, which tells of all.
                return
        late = self.search(self._get_late_domain()).grouped("source_id")
        self._tell_balance(wrong, late)

    @api.model
    def _get_late_domain(self):
        """Return the domain of what waits too long, its source archived or not."""
        before = self._get_now() - timedelta(hours=LATE_HOURS)
        return Domain("received_at", "<", before) & (
            Domain("state", "=", "received")
            | Domain("state", "=", "failed") & Domain("attempts", "<", MOST_ATTEMPTS)
        )

    def _find_unbalanced(self):
        """Return those of these done messages that did not make what they held."""
        mails = self.filtered(lambda message: message.source_kind == "mail")
        expected = {
            (message, f"{self._name},{message.id},{number}")
            for message in mails
            for number in range(message.item_count or 1)
        }
        # sudo: estate.interaction - rows of every company count
        rows = self.env["estate.interaction"].sudo()
        rows = rows.search([("origin", "in", [origin for _m, origin in expected])])
        found = set(rows.mapped("origin"))
        torn = self.browse({m.id for m, origin in expected if origin not in found})
        # sudo: estate.intake.item - as above
        failed = self.env["estate.intake.item"].sudo()
        failed = failed.search(
            [("message_id", "in", self.ids), ("outcome", "=", "failed")]
        )
        files = (self - mails).filtered(lambda m: m.done_count != m.item_count)
        return torn | files | failed.message_id

    # === TELL ===

    @api.model
    def _tell_balance(self, wrong, late):
        """Give each keeper of the settings one task for each source, or take it back.

        :param dict wrong: source -> messages that did not make what they held
        :param dict late: source -> messages that wait too long
        """
        kind = self.env.ref(
            "crm_real_estate.mail_activity_type_inbox", raise_if_not_found=False
        )
        keepers = self.env.ref("crm_real_estate.group_settings").all_user_ids
        keepers = keepers.filtered(lambda user: user.active and not user.share)
        # sudo: mail.activity - the tasks may be a colleague's
        tasks = self.env["mail.activity"].sudo()
        known = {
            (task.res_id, task.user_id): task
            for task in tasks.search(
                [
                    ("res_model", "=", "estate.intake.source"),
                    ("activity_type_id", "=", kind.id if kind else False),
                    ("automated", "=", True),
                ]
            )
        }
        for source in {**wrong, **late}:
            told = (wrong.get(source, ()), late.get(source, ()))
            for user in keepers:
                if source.company_id not in user.company_ids:
                    continue
                words = self.with_context(lang=user.lang)._explain_balance(*told)
                if task := known.pop((source.id, user), None):
                    if task.summary != words:
                        task.summary = words
                else:
                    source._schedule_balance(kind, user, words)
        tasks.union(*known.values()).unlink()

    @api.model
    def _explain_balance(self, wrong, late):
        """Return what does not add up, in a sentence."""
        sentences = []
        if late:
            sentences.append(
                self.env._(
                    "%s messages wait for more than a day: open the inbox and press "
                    "Process again.",
                    len(late),
                )
            )
        if wrong:
            sentences.append(
                self.env._(
                    "%(count)s messages are done but did not make all they held (the "
                    "first: %(name)s): press Process again on them.",
                    count=len(wrong),
                    name=wrong[0].name,
                )
            )
        return " ".join(sentences)


class IntakeSource(models.Model):
    _name = "estate.intake.source"
    _inherit = ["estate.intake.source", "mail.activity.mixin"]

    def _schedule_balance(self, kind, user, words):
        """Give a user the task to look into this inbox."""
        self.ensure_one()
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            {
                "res_model_id": self.env["ir.model"]._get_id(self._name),
                "res_id": self.id,
                "activity_type_id": kind.id if kind else False,
                "user_id": user.id,
                "summary": words,
                "automated": True,
            }
        )
