"""What lies below all rooms: tables whose facts never change."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, clean_context, format_datetime

ERASED = "[erased]"
# How far the clock of whoever tells an event may be ahead of ours.
CLOCK_TOLERANCE = timedelta(minutes=5)

# One function serves every ledger. It compares the two rows key by key: links may be
# re-pointed, a text may become "[erased]" or empty, what is filled in once may be
# filled in; everything else, and every DELETE and TRUNCATE, is refused, whoever asks.
# Who added a row is forgotten when his user is deleted; a fact about him (user_id)
# forbids that.
GUARD_FUNCTION = """
CREATE OR REPLACE FUNCTION estate_ledger_guard() RETURNS trigger AS $guard$
DECLARE
    links text[] := string_to_array(TG_ARGV[0], ',');
    texts text[] := string_to_array(TG_ARGV[1], ',');
    frozen_state text := TG_ARGV[2];
    once text[] := string_to_array(TG_ARGV[3], ',');
    parent_column text := TG_ARGV[4];
    parent_table text := TG_ARGV[5];
    parent_state text;
    changed text;
    value jsonb;
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        RAISE EXCEPTION 'estate ledger %%: rows are never deleted', TG_TABLE_NAME;
    END IF;
    IF TG_OP <> 'DELETE' AND parent_column <> '' AND (
        TG_OP = 'INSERT'
        OR to_jsonb(NEW) -> parent_column
            IS DISTINCT FROM to_jsonb(OLD) -> parent_column
    ) THEN
        EXECUTE format('SELECT state FROM %%I WHERE id = $1', parent_table)
            INTO parent_state USING (to_jsonb(NEW) ->> parent_column)::int;
        IF parent_state = frozen_state THEN
            RAISE EXCEPTION 'estate ledger %%: nothing is added to row %% of %%',
                TG_TABLE_NAME, to_jsonb(NEW) ->> parent_column, parent_table;
        END IF;
    END IF;
    IF TG_OP = 'INSERT' THEN
        RETURN NEW;
    END IF;
    IF frozen_state <> ''
        AND to_jsonb(OLD) ->> 'state' IS DISTINCT FROM frozen_state THEN
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
        IF changed = ANY (once)
            AND to_jsonb(OLD) -> changed = 'null'::jsonb THEN CONTINUE; END IF;
        IF changed = ANY (texts)
            AND value IN ('null'::jsonb, to_jsonb('[erased]'::text)) THEN CONTINUE;
        END IF;
        IF changed = 'create_uid' AND value = 'null'::jsonb THEN CONTINUE; END IF;
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

    # The moment that a row tells of; it lies in the past.
    _ledger_moment = ""
    # Columns that may be re-pointed, columns whose text may be erased, columns that are
    # empty at first and filled in once.
    _ledger_links = ("partner_id", "lead_id", "property_id")
    _ledger_texts = ()
    _ledger_filled_once = ()
    # Paths to the persons whom the texts of a row are about.
    _ledger_persons = ("partner_id", "lead_id.partner_id")
    # The value of `state` from which on a row is frozen (empty: from its creation on),
    # and the row it is a part of: nothing is added to that one once it is frozen.
    _ledger_frozen_state = ""
    _ledger_parent = ""

    def init(self):
        """Put the third fence, triggers, on the table of each ledger."""
        if self._abstract or not self._auto:
            return
        parent = self._fields.get(self._ledger_parent)
        names = {
            "events": SQL(
                "INSERT OR UPDATE OR DELETE" if parent else "UPDATE OR DELETE"
            ),
            "table": SQL.identifier(self._table),
            "guard": SQL.identifier(f"{self._table}_guard"),
            "truncate": SQL.identifier(f"{self._table}_truncate"),
            "links": ",".join((*self._get_ledger_links(), "write_uid", "write_date")),
            "texts": ",".join(self._ledger_texts),
            "state": self._ledger_frozen_state,
            "once": ",".join(self._ledger_filled_once),
            "parent": self._ledger_parent,
            "parent_table": self.env[parent.comodel_name]._table if parent else "",
        }
        # Raw SQL: triggers are not known to the ORM; names come from the class. They
        # fire ALWAYS: no session setting (session_replication_role) silences them.
        self.env.cr.execute(SQL(GUARD_FUNCTION))
        self.env.cr.execute(
            SQL(
                """
                DROP TRIGGER IF EXISTS %(guard)s ON %(table)s;
                CREATE TRIGGER %(guard)s BEFORE %(events)s ON %(table)s
                FOR EACH ROW EXECUTE FUNCTION estate_ledger_guard(
                    %(links)s, %(texts)s, %(state)s, %(once)s, %(parent)s,
                    %(parent_table)s);
                ALTER TABLE %(table)s ENABLE ALWAYS TRIGGER %(guard)s;
                DROP TRIGGER IF EXISTS %(truncate)s ON %(table)s;
                CREATE TRIGGER %(truncate)s BEFORE TRUNCATE ON %(table)s
                FOR EACH STATEMENT EXECUTE FUNCTION estate_ledger_guard();
                ALTER TABLE %(table)s ENABLE ALWAYS TRIGGER %(truncate)s
                """,
                **names,
            )
        )

    # === LOOKING AT LEDGERS ===

    @api.model
    def _get_ledgers(self):
        """Return an empty recordset of each ledger there is."""
        names = self.env.registry.descendants([self._name], "_inherit")
        return [
            self.env[name] for name in sorted(names) if not self.env[name]._abstract
        ]

    @api.model
    def _get_ledger_links(self):
        """Return the link columns that this ledger really has."""
        return [name for name in self._ledger_links if name in self._fields]

    @api.model
    def _get_frozen_domain(self):
        """Return the domain of rows that may no longer change."""
        state = self._ledger_frozen_state
        return Domain("state", "=", state) if state else Domain.TRUE

    def _is_ledger_frozen(self):
        """Return the rows of `self` that may no longer change."""
        return self.filtered_domain(self._get_frozen_domain())

    @api.model
    def _find_rows_about(self, partners):
        """Return the rows of this ledger whose texts are about these contacts."""
        paths = [
            path for path in self._ledger_persons if path.split(".")[0] in self._fields
        ]
        # sudo: ledger - rows about a person are found whoever may see them
        rows = self.sudo()
        if not paths:
            return rows
        return rows.search(
            Domain.OR(Domain(path, "in", partners.ids) for path in paths)
        )

    @api.model
    def _holds_rows_of(self, partners):
        """Return whether a frozen row of this ledger hangs on one of the contacts."""
        if "partner_id" not in self._fields:
            return False
        domain = Domain("partner_id", "in", partners.ids) & self._get_frozen_domain()
        # sudo: ledger - rows of every company count; only their existence is told
        return bool(self.sudo().search_count(domain, limit=1))

    # === FENCES ===

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_may_freeze(vals)
            self._check_parent_open(vals)
        # Facts are what is told: a client's context fills in nothing by `default_...`.
        ledger = self.with_context(clean_context(self.env.context))
        rows = super(LedgerMixin, ledger).create(vals_list).with_env(self.env)
        rows._check_happened()
        return rows

    def write(self, vals):
        self._check_may_freeze(vals)
        fences = set(vals) - set(self._get_ledger_links())
        fences -= {
            name for name in self._ledger_texts if vals.get(name, "") in (False, ERASED)
        }
        # sudo: ledger - what is filled in once may be beyond the user's rights
        fences -= {
            name
            for name in fences & set(self._ledger_filled_once)
            if not any(self.sudo().mapped(name))
        }
        if fences and (frozen := self._is_ledger_frozen()):
            raise UserError(
                self.env._(
                    "%(record)s is part of the history and cannot be changed "
                    "(%(fields)s). Add a correction instead.",
                    record=frozen[0].display_name,
                    fields=", ".join(sorted(fences)),
                )
            )
        self._check_parent_open(vals)
        return super().write(vals)

    def _check_happened(self):
        """Refuse what has not happened yet; clocks may differ by some minutes.

        :raises ValidationError: names the row and its moment
        """
        if not self._ledger_moment:
            return
        latest = fields.Datetime.now() + CLOCK_TOLERANCE
        for row in self:
            moment = row[self._ledger_moment]
            if moment > latest:
                raise ValidationError(
                    self.env._(
                        "%(record)s: %(moment)s lies in the future. Enter when it "
                        "really happened; what is yet to come is a task or an "
                        "appointment.",
                        record=row.display_name,
                        moment=format_datetime(self.env, moment, dt_format="short"),
                    )
                )

    def _is_freezing(self, vals):
        return (
            bool(self._ledger_frozen_state)
            and vals.get("state") == self._ledger_frozen_state
        )

    def _check_may_freeze(self, vals):
        """Refuse what only the product's own steps may do: to freeze a row."""
        if self._is_freezing(vals) and not self.env.su:
            raise UserError(
                self.env._(
                    "%s cannot be declared final. It becomes so by its own button.",
                    self[:1].display_name or self._description,
                )
            )

    def _check_parent_open(self, vals):
        """Refuse to add rows to a record that is frozen."""
        if parent_id := vals.get(self._ledger_parent):
            parent = self.env[self._fields[self._ledger_parent].comodel_name].browse(
                parent_id
            )
            # sudo: ledger - only whether it is frozen is read
            if parent.sudo()._is_ledger_frozen():
                raise UserError(
                    self.env._(
                        "%s is part of the history and nothing can be added to it. "
                        "Make a new one instead.",
                        parent.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if frozen := self._is_ledger_frozen():
            raise UserError(
                self.env._(
                    "%s is part of the history and cannot be deleted. Add a correction "
                    "instead.",
                    frozen[0].display_name,
                )
            )

    def _erase_texts(self):
        """Replace the personal texts of these rows; dates, types and counts stay."""
        for name in self._ledger_texts:
            self.filtered(name).write({name: ERASED})
