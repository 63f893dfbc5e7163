"""Ledgers whose rows also prove each other: a changed row is seen the next night."""

import hashlib
import json

from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class LedgerHead(models.Model):
    """The end of one chain: who appends takes this row, so chains never fork."""

    _name = "estate.ledger.head"
    _description = "End of a ledger's chain"
    _rec_name = "ledger"

    ledger = fields.Char(required=True)
    last_hash = fields.Char(required=True, default="")
    last_position = fields.Integer(required=True, default=0)

    _ledger_uniq = models.Constraint("UNIQUE(ledger)", "A ledger has one chain.")

    @api.model
    def _take(self, ledger):
        """Lock and return the end of `ledger`; a rival makes this transaction retry."""
        # Raw SQL: the row must exist and be locked in one step; on a concurrent append
        # PostgreSQL raises a serialization failure, which Odoo answers with a retry.
        self.env.cr.execute(
            SQL(
                """INSERT INTO estate_ledger_head (ledger, last_hash, last_position)
                VALUES (%s, '', 0) ON CONFLICT (ledger)
                DO UPDATE SET ledger = EXCLUDED.ledger RETURNING id""",
                ledger,
            )
        )
        head = self.browse(self.env.cr.fetchone()[0])
        head.invalidate_recordset()
        return head

    @api.model
    def _cron_check_ledgers(self):
        """Compare every chained row with its hash; a broken chain ends in a clear error."""
        for head in self.search([]):
            ledger = self.env[head.ledger]
            if broken := ledger._find_broken_chain():
                raise UserError(
                    _(
                        "%(ledger)s was changed behind the product's back, first in row "
                        "%(row)s. Compare it with a backup.",
                        ledger=ledger._description,
                        row=broken,
                    )
                )


class LedgerChainMixin(models.AbstractModel):
    """A ledger whose rows carry a hash of their facts and of the row before."""

    _name = "estate.ledger.chain.mixin"
    _description = "Chained ledger"
    _inherit = "estate.ledger.mixin"

    fact_hash = fields.Char("Hash of the facts", readonly=True, copy=False)
    previous_hash = fields.Char("Hash of the row before", readonly=True, copy=False)
    chain_position = fields.Integer(readonly=True, copy=False, index="btree_not_null")

    # Facts that enter the hash: never a link, never a text that may be erased.
    _ledger_facts = ()
    _ledger_filled_once = ("fact_hash", "previous_hash", "chain_position")

    def _get_fact_hash(self, position, previous_hash):
        """Return the hex SHA-256 over one row's facts, its place and the row before."""
        self.ensure_one()
        facts = [
            str(self[name].ids if self._fields[name].relational else self[name])
            for name in self._ledger_facts
        ]
        text = json.dumps([position, previous_hash, facts])
        return hashlib.sha256(text.encode()).hexdigest()

    def _append_to_chain(self):
        """Give these rows their place and hash, in the order of their ids."""
        if not self:
            return
        # sudo: estate.ledger.head - nobody has rights on it; only the hash is read
        head = self.env["estate.ledger.head"].sudo()._take(self._name)
        position, previous = head.last_position, head.last_hash
        for row in self.sorted("id"):
            position += 1
            digest = row._get_fact_hash(position, previous)
            row.write({
                "chain_position": position,
                "previous_hash": previous,
                "fact_hash": digest,
            })
            previous = digest
        head.write({"last_hash": previous, "last_position": position})

    @api.model
    def _find_broken_chain(self):
        """Return the id of the first row that does not fit its hash, or False."""
        previous = ""
        # sudo: ledger - the chain runs over all companies
        rows = self.sudo().with_context(active_test=False)
        for row in rows.search([("chain_position", "!=", False)], order="chain_position"):
            expected = row._get_fact_hash(row.chain_position, previous)
            if (row.previous_hash or "", row.fact_hash) != (previous, expected):
                return row.id
            previous = expected
        return False
