"""Ledgers whose rows also prove each other: a changed row is seen the next night."""

import hashlib
import json
import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

_logger = logging.getLogger(__name__)
CHECK_BATCH = 1000


class LedgerHead(models.Model):
    """The end of one chain: who appends takes this row, so chains never fork."""

    _name = "estate.ledger.head"
    _description = "End of a ledger's chain"
    _rec_name = "ledger"

    ledger = fields.Char(required=True)
    last_hash = fields.Char(required=True, default="")
    last_position = fields.Integer(required=True, default=0)
    # How far the running check has come: it goes on there when it was interrupted.
    is_being_checked = fields.Boolean()
    checked_position = fields.Integer(required=True, default=0)
    checked_hash = fields.Char(required=True, default="")
    checked_at = fields.Datetime("Last checked")
    broken_position = fields.Integer(
        "Broken at", help="The first place of the chain that does not fit; 0: none."
    )

    _ledger_uniq = models.Constraint("UNIQUE(ledger)", "A ledger has one chain.")

    @api.model
    def _take(self, ledger):
        """Lock and return the end of `ledger`; a rival makes this transaction retry."""
        # Raw SQL: the row must exist and be locked in one step; on a concurrent append
        # PostgreSQL raises a serialization failure, which Odoo answers with a retry.
        self.env.cr.execute(
            SQL(
                """INSERT INTO estate_ledger_head (
                    ledger, last_hash, last_position, checked_hash, checked_position)
                VALUES (%s, '', 0, '', 0) ON CONFLICT (ledger)
                DO UPDATE SET ledger = EXCLUDED.ledger RETURNING id""",
                ledger,
            )
        )
        head = self.browse(self.env.cr.fetchone()[0])
        head.invalidate_recordset()
        return head

    @api.model
    def _cron_check_ledgers(self):
        """Compare chained ledgers with their hashes; directors are told of a break.

        Each batch is committed with the place it came to: killed or out of time, the
        next run goes on there. A round begins when the last one has seen every ledger.
        """
        cron = self.env["ir.cron"]
        names = [
            ledger._name
            for ledger in self.env["estate.ledger.chain.mixin"]._get_ledgers()
        ]
        due = self.search([("is_being_checked", "=", True), ("ledger", "in", names)])
        waiting = due.mapped("ledger") or names
        if not due:
            for name in names:
                self._take(name).write(
                    {
                        "is_being_checked": True,
                        "checked_position": 0,
                        "checked_hash": "",
                    }
                )
        cron._commit_progress(remaining=len(waiting))
        for left, name in reversed([*enumerate(sorted(waiting, reverse=True))]):
            while not self._check_batch(name):
                if not cron._commit_progress(1, remaining=left + 1):
                    return
            if not cron._commit_progress(1, remaining=left):
                return

    @api.model
    def _check_batch(self, name):
        """Check the next rows of a ledger and remember how far it came.

        :return: whether the check of this ledger is over
        """
        ledger = self.env[name]
        head = self.search([("ledger", "=", name)])
        position, digest, broken = ledger._check_rows(
            head.checked_position, head.checked_hash or ""
        )
        if not broken and position > head.checked_position:
            self._remember(name, checked_position=position, checked_hash=digest)
            return False
        broken = broken or ledger._find_broken_end(head, position, digest)
        known = head.broken_position
        self._remember(
            name,
            is_being_checked=False,
            checked_at=fields.Datetime.now(),
            broken_position=broken,
        )
        if broken and broken != known:
            self._tell_broken(ledger, broken)
        return True

    @api.model
    def _remember(self, name, **values):
        """Write to the end of a ledger, whoever appended to it meanwhile."""
        # Whoever appended changed the row: with a fresh look at it nobody has to retry.
        self.env["ir.cron"]._commit_progress()
        self.search([("ledger", "=", name)]).write(values)

    @api.model
    def _tell_broken(self, ledger, position):
        """Give every director the task to look into a ledger that was tampered with."""
        _logger.error(
            "Ledger %s does not fit its hashes at place %s", ledger._name, position
        )
        directors = self.env.ref("crm_real_estate.group_director").all_user_ids
        todo = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        self.env["mail.activity"].create(
            [
                {
                    "activity_type_id": todo.id if todo else False,
                    "user_id": director.id,
                    "summary": self.env._(
                        "%s were changed behind the product's back", ledger._description
                    ),
                    "note": self.env._(
                        "The chain of hashes breaks at place %s. Compare the table "
                        "with a backup and find out who had access to the database.",
                        position,
                    ),
                }
                for director in directors.filtered(lambda user: not user.share)
            ]
        )


class LedgerChainMixin(models.AbstractModel):
    """A ledger whose rows carry a hash of their facts and of the row before."""

    _name = "estate.ledger.chain.mixin"
    _description = "Chained ledger"
    _inherit = "estate.ledger.mixin"

    fact_hash = fields.Char("Hash of the facts", copy=False, groups=fields.NO_ACCESS)
    previous_hash = fields.Char(
        "Hash of the row before", copy=False, groups=fields.NO_ACCESS
    )
    chain_position = fields.Integer(
        copy=False, index="btree_not_null", groups=fields.NO_ACCESS
    )

    # Facts that enter the hash: never a link, never a text that may be erased.
    _ledger_facts = ()
    _ledger_filled_once = ("fact_hash", "previous_hash", "chain_position")

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        if not self._ledger_frozen_state:
            rows._append_to_chain()
        return rows

    def write(self, vals):
        if not self._is_freezing(vals):
            return super().write(vals)
        # The facts come first, then their hash, and last what makes them final.
        self._check_may_freeze(vals)
        result = super().write(
            {name: value for name, value in vals.items() if name != "state"}
        )
        self._append_to_chain()
        return super().write({"state": vals["state"]}) and result

    def _get_fact_values(self):
        """Return the facts of one row that enter its hash, as plain values."""
        self.ensure_one()
        return [
            str(self[name].ids if self._fields[name].relational else self[name])
            for name in self._ledger_facts
        ]

    def _get_fact_hash(self, position, previous_hash):
        """Return the hex SHA-256 over one row's facts, its place and the row before."""
        text = json.dumps([position, previous_hash, self._get_fact_values()])
        return hashlib.sha256(text.encode()).hexdigest()

    def _append_to_chain(self):
        """Give these rows their place and hash, by id; rows with a place keep it."""
        # sudo: ledger - hashes are beyond everybody's rights
        fresh = self.sudo().filtered(lambda row: not row.chain_position)
        if not fresh:
            return
        # The hash is that of the stored facts, as the check will read them.
        fresh.invalidate_recordset()
        # sudo: estate.ledger.head - nobody has rights on it; only the hash is read
        head = self.env["estate.ledger.head"].sudo()._take(self._name)
        position, previous = head.last_position, head.last_hash
        for row in fresh.sorted("id"):
            position += 1
            digest = row._get_fact_hash(position, previous)
            row.write(
                {
                    "chain_position": position,
                    "previous_hash": previous,
                    "fact_hash": digest,
                }
            )
            previous = digest
        head.write({"last_hash": previous, "last_position": position})

    @api.model
    def _check_rows(self, position, digest):
        """Compare the rows after a place of the chain with their hashes.

        :param int position: the last place that was found to be good, 0 at first
        :param str digest: the hash of the row there
        :return: (last good place, its hash, first place that does not fit or 0); the
            same place again when there is no further row
        """
        # sudo: ledger - the chain runs over all companies
        ledger = self.sudo().with_context(active_test=False)
        rows = ledger.search(
            [("chain_position", ">", position)],
            order="chain_position, id",
            limit=CHECK_BATCH,
        )
        for row in rows:
            fresh = row._get_fact_hash(position + 1, digest)
            stored = (row.chain_position, row.previous_hash or "", row.fact_hash)
            if stored != (position + 1, digest, fresh):
                return position, digest, position + 1
            position, digest = position + 1, fresh
        return position, digest, 0

    @api.model
    def _find_broken_end(self, head, position, digest):
        """Return the place after the last good one when the chain does not end there.

        So it is when rows are missing at the end, were never chained, or when the end
        is not the one that was remembered.

        :param head: the `estate.ledger.head` of this ledger, empty when nothing was
            ever chained
        """
        # sudo: ledger - the chain runs over all companies
        ledger = self.sudo().with_context(active_test=False)
        frozen = ledger.search_count(
            Domain("chain_position", "!=", False) | self._get_frozen_domain()
        )
        remembered = (head.last_position, head.last_hash or "")
        is_whole = remembered == (position, digest) and frozen == position
        return 0 if is_whole else position + 1

    @api.model
    def _find_broken_position(self, head):
        """Return the first place of the whole chain that does not fit, 0 if all fit.

        :param head: the `estate.ledger.head` of this ledger, empty when nothing was
            ever chained
        """
        place, broken = (0, ""), 0
        while not broken:
            *reached, broken = self._check_rows(*place)
            if tuple(reached) == place:
                break
            place = tuple(reached)
            self.invalidate_model()
        return broken or self._find_broken_end(head, *place)
