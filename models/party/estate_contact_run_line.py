import logging

from psycopg2 import OperationalError

from odoo import fields, models
from odoo.exceptions import UserError

from .. import inner
from .res_partner import ESTATE_KINDS

_logger = logging.getLogger(__name__)


class ContactRunLine(models.Model):
    """What a run did with one contact."""

    _name = "estate.contact.run.line"
    _description = "Contact made a client"
    _order = "id"
    _rec_name = "partner_id"
    _log_access = False

    run_id = fields.Many2one(
        "estate.contact.run", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        "res.partner", "Contact", index=True, ondelete="cascade"
    )
    kind = fields.Selection(ESTATE_KINDS, "Became")
    note = fields.Char("What to do")
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("done", "Made a client"),
            ("left_out", "Left out: data are missing"),
            ("undone", "Given back"),
            ("kept", "Kept: something happened with it since"),
            ("failed", "Failed"),
        ],
        required=True,
        default="waiting",
        index=True,
    )
    company_id = fields.Many2one("res.company", required=True)

    def _work(self, step):
        """Do `step` with these lines at once; who fails alone is left and told of."""
        try:
            with self.env.cr.savepoint():
                self.note = False
                step(self)
        except OperationalError:
            # The database asks to come again: no failure of a contact.
            raise
        except Exception as error:  # noqa: BLE001 - one contact must not stop the others
            if len(self) > 1:
                for line in self:
                    line._work(step)
                return
            # The text of an error may name persons, so the log only says where to look.
            _logger.warning("Line %s of a run: %s", self.id, type(error).__name__)
            _logger.debug("Line %s of a run", self.id, exc_info=True)
            self.write({"state": "failed", "note": self._explain(error)})

    def _explain(self, error):
        """Return who failed, why, and what a person can do about it."""
        is_told = isinstance(error, UserError)
        return self.env._(
            "%(contact)s: %(obstacle)s Put it right on the contact, then press "
            "“Try the failed again” here.",
            contact=self.partner_id.display_name,
            obstacle=str(error)
            if is_told
            else self.env._("the database refuses it (%s).", type(error).__name__),
        )

    def _make_ours(self, kind, is_draft_allowed):
        free = self.filtered(lambda line: not line.partner_id.estate_kind)
        groups = free.grouped(lambda line: line.partner_id._get_fitting_kind(kind))
        for fitting, lines in groups.items():
            if fitting == kind or is_draft_allowed:
                # The run itself tells who did it and when.
                quiet = lines.partner_id.with_context(tracking_disable=True)
                inner.say(quiet, incomplete=True).estate_kind = fitting
                lines.write({"state": "done", "kind": fitting})
        (self - self.filtered(lambda line: line.state == "done")).state = "left_out"

    def _give_back(self):
        used = self.partner_id._get_estate_used()
        idle = self.filtered(
            lambda line: line.partner_id.estate_kind == line.kind
            and line.partner_id not in used
        )
        idle.partner_id.with_context(tracking_disable=True).estate_kind = False
        idle.state = "undone"
        (self - idle).state = "kept"
