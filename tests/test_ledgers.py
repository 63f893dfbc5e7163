"""What happened stays as it was told, whoever tries to change it."""

import re
from pathlib import Path

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.models import LOG_ACCESS_COLUMNS
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ..models.ledger import ERASED
from .ledgers import LedgerCase

MODULE = Path(__file__).parents[1]


@tagged("post_install", "-at_install")
class TestLedgersKeepWhatWasTold(LedgerCase):
    def test_every_ledger_is_attacked_here(self):
        ledgers = {
            ledger._name for ledger in self.env["estate.ledger.mixin"]._get_ledgers()
        }
        self.assertEqual({row._name for row in self.rows}, ledgers)

    def test_nobody_changes_or_deletes_a_row_by_rpc(self):
        for person in self._get_people():
            for row, change in self.rows.items():
                model = row.sudo(False).with_user(person)
                with self.subTest(person=person.login, ledger=row._name):
                    with self._assert_refused(row):
                        call_kw(model, "write", [row.ids, change], {})
                    with self._assert_refused(row):
                        call_kw(model, "unlink", [row.ids], {})

    def test_nobody_adds_a_row_by_rpc(self):
        values = {
            "estate.interaction": {"type_id": self.row.type_id.id},
            "estate.call": {"outcome_id": self._call_outcome("busy").id},
            "estate.consent": {
                "channel": "email",
                "state": "given",
                "source": "forged",
            },
            "estate.dispatch.decision": {"step": "agent"},
            "estate.erased.denial": {
                "address_hash": "x",
                "channel": "email",
                "purpose": "all",
            },
        }
        for person in self._get_people():
            for name, vals in values.items():
                with (
                    self.subTest(person=person.login, ledger=name),
                    self.assertRaises(AccessError),
                ):
                    call_kw(self.env[name].with_user(person), "create", [vals], {})

    def test_a_draft_report_can_be_changed_by_rpc(self):
        draft = self._create_report()
        model = self.env["estate.activity.report"].with_user(self.manager)
        call_kw(model, "write", [draft.ids, {"opening": "Dear owner"}], {})
        self.assertEqual(draft.opening, "Dear owner")

    def test_nobody_declares_a_report_sent_by_rpc(self):
        draft = self._create_report()
        for record in (draft, draft.line_ids[:1]):
            for person in (self.agent, self.manager, self.director):
                model = record.with_user(person)
                with (
                    self.subTest(record=record._name, person=person.login),
                    self._assert_refused(record),
                ):
                    call_kw(model, "write", [record.ids, {"state": "sent"}], {})

    def test_the_hashes_are_out_of_reach_even_on_a_draft(self):
        draft = self._create_report()
        model = self.env["estate.activity.report"].with_user(self.manager)
        with self.assertRaises(AccessError):
            call_kw(model, "write", [draft.ids, {"fact_hash": "forged"}], {})

    def test_an_import_changes_nothing(self):
        admin = self._get_people()[-1]
        for row, change in self.rows.items():
            with self.subTest(ledger=row._name):
                before = row.read()
                name, value = next(iter(change.items()))
                model = row.sudo(False).with_user(admin)
                with mute_logger("odoo.sql_db"):
                    result = model.load([".id", name], [[str(row.id), value]])
                self.assertFalse(result["ids"])
                self.env.invalidate_all()
                self.assertEqual(row.read(), before)

    def test_an_action_that_updates_records_is_refused(self):
        for row, change in self.rows.items():
            name, value = next(iter(change.items()))
            action = self.env["ir.actions.server"].create(
                {
                    "name": "Change history",
                    "model_id": self.env["ir.model"]._get_id(row._name),
                    "state": "object_write",
                    "update_path": name,
                    "value": value,
                }
            )
            with self.subTest(ledger=row._name), self._assert_refused(row, UserError):
                action.with_context(active_model=row._name, active_ids=row.ids).run()

    def test_code_of_an_administrator_is_refused(self):
        for row, change in self.rows.items():
            attempts = (
                f"env['{row._name}'].sudo().browse({row.id}).write({change!r})",
                f"env['{row._name}'].sudo().browse({row.id}).unlink()",
                f"env.cr.execute('DELETE FROM {row._table} WHERE id = {row.id}')",
            )
            for code in attempts:
                action = self.env["ir.actions.server"].create(
                    {
                        "name": "Change history",
                        "model_id": self.env["ir.model"]._get_id(row._name),
                        "state": "code",
                        "code": code,
                    }
                )
                with (
                    self.subTest(code=code),
                    mute_logger("odoo.addons.base.models.ir_actions"),
                    self._assert_refused(row, Exception),
                ):
                    action.run()

    def test_the_system_itself_is_refused(self):
        for row, change in self.rows.items():
            with self.subTest(ledger=row._name):
                with self._assert_refused(row):
                    row.sudo().write(change)
                with self._assert_refused(row):
                    row.sudo().unlink()

    def test_no_context_key_opens_the_fences(self):
        keys = {
            key
            for path in MODULE.glob("[mw]*/**/*.py")
            for key in re.findall(r"\bestate_[a-z_]+", path.read_text())
        }
        self.assertIn("estate_automatic", keys)
        context = dict.fromkeys(keys, True) | {
            "tracking_disable": True,
            "install_mode": True,
        }
        for row, change in self.rows.items():
            with self.subTest(ledger=row._name):
                with self._assert_refused(row):
                    row.sudo().with_context(**context).write(change)
                with self._assert_refused(row):
                    row.sudo().with_context(**context).unlink()

    def test_raw_sql_is_refused(self):
        for row, change in self.rows.items():
            table = SQL.identifier(row._table)
            name, value = next(iter(change.items()))
            attempts = (
                SQL(
                    "UPDATE %s SET %s = %s WHERE id = %s",
                    table,
                    SQL.identifier(name),
                    value,
                    row.id,
                ),
                SQL("UPDATE %s SET id = -1 WHERE id = %s", table, row.id),
                SQL("UPDATE %s SET create_date = now() + interval '1 day'", table),
                SQL("DELETE FROM %s WHERE id = %s", table, row.id),
                SQL("TRUNCATE %s CASCADE", table),
            )
            for attempt in attempts:
                with (
                    self.subTest(ledger=row._name, sql=attempt.code),
                    self._assert_refused(row, psycopg2.errors.RaiseException),
                ):
                    self.cr.execute(attempt)

    def test_no_session_setting_silences_the_triggers(self):
        self.cr.execute(
            """SELECT tgrelid::regclass::text,
                array_agg(DISTINCT tgenabled::text), count(*)
            FROM pg_trigger WHERE tgname ~ '_(guard|truncate)$' AND NOT tgisinternal
            GROUP BY tgrelid"""
        )
        found = {table: (modes, count) for table, modes, count in self.cr.fetchall()}
        expected = {row._table: (["A"], 2) for row in self.rows}
        self.assertEqual(found, expected)

    def test_a_text_may_be_erased_and_nothing_else(self):
        self.cr.execute(
            "UPDATE estate_interaction SET summary = %s WHERE id = %s",
            [ERASED, self.row.id],
        )
        self.cr.execute(
            "UPDATE estate_interaction SET summary = NULL WHERE id = %s", [self.row.id]
        )
        self.row.invalidate_recordset()
        self.assertFalse(self.row.summary)
        with self._assert_refused(self.row, psycopg2.errors.RaiseException):
            self.cr.execute(
                "UPDATE estate_interaction SET summary = 'x' WHERE id = %s",
                [self.row.id],
            )

    def test_a_link_may_be_pointed_elsewhere(self):
        other = self._create_contact("Petra Other")
        self.row.write({"partner_id": other.id})
        self.env.flush_all()
        self.cr.execute(
            "UPDATE estate_interaction SET lead_id = NULL WHERE id = %s", [self.row.id]
        )
        self.row.invalidate_recordset()
        self.assertEqual((self.row.partner_id, self.row.lead_id.id), (other, False))

    def test_nothing_is_added_to_a_sent_report(self):
        line = {"report_id": self.report.id, "text": "and more"}
        for person in (self.agent, self.manager):
            with self._assert_refused(self.report):
                call_kw(
                    self.env["estate.activity.report.line"].with_user(person),
                    "create",
                    [line],
                    {},
                )
        with self._assert_refused(self.report):
            self.env["estate.activity.report.line"].sudo().create(line)
        with self._assert_refused(self.report, psycopg2.errors.RaiseException):
            self.cr.execute(
                """INSERT INTO estate_activity_report_line
                    (report_id, section, occurred_at, kind, state)
                VALUES (%s, 'comment', now(), 'x', 'draft')""",
                [self.report.id],
            )

    def test_no_line_is_moved_into_a_sent_report(self):
        draft = self._create_report()
        line = draft.line_ids[:1]
        with self._assert_refused(line):
            line.sudo().report_id = self.report
        with self._assert_refused(line, psycopg2.errors.RaiseException):
            self.cr.execute(
                "UPDATE estate_activity_report_line SET report_id = %s WHERE id = %s",
                [self.report.id, line.id],
            )

    def test_a_deleted_lead_leaves_its_history(self):
        rows, calls = self.lead.interaction_ids, self.lead.call_ids
        self.lead.unlink()
        self.env.invalidate_all()
        self.assertTrue(rows.exists() and calls.exists())
        self.assertFalse(rows.lead_id | calls.lead_id)

    def test_a_user_who_acted_cannot_be_deleted(self):
        user = self._create_user("leaver", "group_agent")
        self.env["estate.interaction"].with_user(user)._write_journal(
            [{"type": "note", "partner_id": self.owner.id, "summary": "he did it"}]
        )
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(psycopg2.IntegrityError),
            self.cr.savepoint(),
        ):
            user.unlink()

    def test_a_user_who_only_entered_rows_can_be_deleted(self):
        user = self._create_user("typist", "group_agent")
        row = (
            self.env["estate.interaction"]
            .with_user(user)
            .sudo()
            .create({"type_id": self.row.type_id.id, "user_id": self.agent.id})
        )
        self.env.flush_all()
        user.unlink()
        row.invalidate_recordset()
        self.assertEqual((row.create_uid.id, row.user_id), (False, self.agent))


@tagged("post_install", "-at_install")
class TestLedgersFitMergesAndErasure(LedgerCase):
    def test_no_constraint_or_unique_index_covers_the_contact(self):
        self.cr.execute(
            """SELECT c.relname, i.indexrelid::regclass::text
            FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'partner_id'
            WHERE i.indisunique AND a.attnum = ANY (i.indkey)
            AND c.relname IN %(tables)s
            UNION
            SELECT c.relname, o.conname
            FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'partner_id'
            WHERE o.contype IN ('c', 'u', 'x') AND a.attnum = ANY (o.conkey)
            AND c.relname IN %(tables)s""",
            {"tables": tuple(row._table for row in self.rows)},
        )
        self.assertEqual(self.cr.fetchall(), [])

    def test_links_are_emptied_and_facts_hold_on_to_what_they_name(self):
        wrong = []
        for ledger in self.env["estate.ledger.mixin"]._get_ledgers():
            links = ledger._get_ledger_links()
            for name, field in ledger._fields.items():
                if (
                    field.type != "many2one"
                    or not field.store
                    or name in LOG_ACCESS_COLUMNS
                ):
                    continue
                wanted = "set null" if name in links else "restrict"
                # A draft goes with its lines; a sent report cannot be deleted at all.
                if name == "report_id" and ledger._ledger_frozen_state:
                    wanted = "cascade"
                if field.ondelete != wanted:
                    wrong.append(f"{ledger._name}.{name}: {field.ondelete}")
        self.assertEqual(wrong, [])

    def test_no_ledger_has_a_stored_field_that_is_computed(self):
        computed = [
            f"{ledger._name}.{name}"
            for ledger in self.env["estate.ledger.mixin"]._get_ledgers()
            for name, field in ledger._fields.items()
            if field.store and field.compute
        ]
        self.assertEqual(computed, [])
