"""What lies below all rooms: tables whose facts never change."""

from odoo import _, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

ERASED = "[erased]"

# One function serves every ledger. It compares the two rows key by key: links and
# bookkeeping may change, a text may become "[erased]" or empty, everything else and
# every DELETE and TRUNCATE is refused, whoever asks.
GUARD_FUNCTION = """
CREATE OR REPLACE FUNCTION estate_ledger_guard() RETURNS trigger AS $guard$
DECLARE
    links text[] := string_to_array(TG_ARGV[0], ',');
    texts text[] := string_to_array(TG_ARGV[1], ',');
    changed text;
    value jsonb;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION 'estate ledger %%: rows are never deleted', TG_TABLE_NAME;
    END IF;
    IF TG_ARGV[2] <> '' AND NOT (to_jsonb(OLD) ->> 'state' = TG_ARGV[2]) THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'estate ledger %%: row %% is never deleted',
            TG_TABLE_NAME, OLD.id;
    END IF;
    FOR changed, value IN
        SELECT fresh.key, fresh.value FROM jsonb_each(to_jsonb(NEW)) AS fresh
        JOIN jsonb_each(to_jsonb(OLD)) AS kept USING (key)
        WHERE fresh.value IS DISTINCT FROM kept.value
    LOOP
        IF changed = ANY (links) THEN CONTINUE; END IF;
        IF changed IN ('fact_hash', 'previous_hash', 'chain_position')
            AND to_jsonb(OLD) -> changed = 'null'::jsonb THEN CONTINUE;
        END IF;
        IF changed = ANY (texts)
            AND value IN ('null'::jsonb, to_jsonb('[erased]'::text)) THEN CONTINUE;
        END IF;
        RAISE EXCEPTION 'estate ledger %%: %% of row %% is a fact and never changes',
            TG_TABLE_NAME, changed, OLD.id;
    END LOOP;
    RETURN NEW;
END
$guard$ LANGUAGE plpgsql
"""


class LedgerMixin(models.AbstractModel):
    """A table of facts: rows are added, their links may follow merges, nothing else."""

    _name = "estate.ledger.mixin"
    _description = "Append-only ledger"

    # Columns that may be re-pointed, columns whose text may be erased, and the value of
    # `state` from which on a row is frozen (empty: from its creation on).
    _ledger_links = ("partner_id", "lead_id", "property_id")
    _ledger_texts = ()
    _ledger_frozen_state = ""
    _ledger_filled_once = ()

    def init(self):
        """Put the third fence, a trigger, on the table of each ledger."""
        if self._abstract or not self._auto:
            return
        trigger = SQL.identifier(f"{self._table}_guard")
        truncate = SQL.identifier(f"{self._table}_truncate")
        table = SQL.identifier(self._table)
        links = ",".join((*self._get_ledger_links(), "write_uid", "write_date"))
        texts = ",".join(self._ledger_texts)
        # Raw SQL: triggers are not known to the ORM; names come from the class.
        self.env.cr.execute(SQL(GUARD_FUNCTION))
        self.env.cr.execute(
            SQL(
                """
                DROP TRIGGER IF EXISTS %(trigger)s ON %(table)s;
                CREATE TRIGGER %(trigger)s BEFORE UPDATE OR DELETE ON %(table)s
                FOR EACH ROW EXECUTE FUNCTION estate_ledger_guard(
                    %(links)s, %(texts)s, %(state)s);
                DROP TRIGGER IF EXISTS %(truncate)s ON %(table)s;
                CREATE TRIGGER %(truncate)s BEFORE TRUNCATE ON %(table)s
                FOR EACH STATEMENT EXECUTE FUNCTION estate_ledger_guard('', '', '')
                """,
                trigger=trigger,
                truncate=truncate,
                table=table,
                links=links,
                texts=texts,
                state=self._ledger_frozen_state,
            )
        )

    @api.model
    def _get_ledger_links(self):
        """Return the link columns that this ledger really has."""
        return [name for name in self._ledger_links if name in self._fields]

    def _is_ledger_frozen(self):
        """Return the rows of `self` that may no longer change."""
        if not self._ledger_frozen_state:
            return self
        return self.filtered(lambda row: row.state == self._ledger_frozen_state)

    def write(self, vals):
        fences = set(vals) - set(self._get_ledger_links())
        fences -= {
            name for name in self._ledger_texts if vals.get(name, "") in (False, ERASED)
        }
        fences -= {name for name in self._ledger_filled_once if not any(self.mapped(name))}
        if fences and (frozen := self._is_ledger_frozen()):
            raise UserError(
                _(
                    "%(record)s is part of the history and cannot be changed (%(fields)s). "
                    "Add a correction instead.",
                    record=frozen[0].display_name,
                    fields=", ".join(sorted(fences)),
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if frozen := self._is_ledger_frozen():
            raise UserError(
                _(
                    "%(record)s is part of the history and cannot be deleted. "
                    "Add a correction instead.",
                    record=frozen[0].display_name,
                )
            )

    def _erase_texts(self):
        """Replace the personal texts of these rows; dates, types and counts stay."""
        for name in self._ledger_texts:
            filled = self.filtered(name)
            if filled:
                filled.write({name: ERASED})
