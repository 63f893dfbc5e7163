"""What the tests of ledgers share: a row in each, and who wants it otherwise."""

from contextlib import contextmanager

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user
from odoo.tools import SQL, mute_logger

from .common import EstateCase


class LedgerCase(EstateCase):
    """One row in every ledger, and for each a fact that somebody wants otherwise."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls._create_contact("Olga Owner")
        cls.prop = cls._create_property(owner_ids=cls.owner)
        cls.lead = cls._create_owner_lead(cls.prop)
        cls.lead._register_call(cls._call_outcome("no_answer"), "spoke to nobody")
        cls.owner.automatic_messages_allowed = False
        cls.owner.automatic_messages_allowed = True
        cls.env["estate.erased.denial"]._remember(
            {"gone@example.com"}, {("email", "all")}
        )
        cls.report = cls._create_report()
        cls._send(cls.report)
        cls.row = cls.env["estate.interaction"]._write_journal(
            [{"type": "note", "lead_id": cls.lead.id, "summary": "as it was"}]
        )
        cls.rows = {
            cls.row: {"summary": "otherwise"},
            cls.lead.call_ids[:1].sudo(): {"note": "otherwise"},
            cls.owner.consent_ids[:1].sudo(): {"state": "denied"},
            cls.lead.decision_ids[:1].sudo(): {"step": "otherwise"},
            cls.env["estate.erased.denial"].search([], limit=1): {"channel": "post"},
            cls.report: {"opening": "otherwise"},
            cls.report.line_ids[:1]: {"text": "otherwise"},
        }
        cls.env.flush_all()

    @classmethod
    def _call_outcome(cls, code):
        return cls.env["estate.call.outcome"]._get(code)

    @classmethod
    def _create_report(cls, **values):
        return cls.env["estate.activity.report"].create(
            {
                "partner_id": cls.owner.id,
                "property_ids": [Command.set(cls.prop.ids)],
                "date_from": "2026-03-01",
                "date_to": "2026-03-31",
                "opening": "Good day",
                "line_ids": [
                    Command.create({"text": "We rang", "property_id": cls.prop.id})
                ],
                **values,
            }
        )

    @classmethod
    def _send(cls, report):
        report._freeze("post", False)

    def _get_people(self):
        """Return a user of each role, and the administrator of the server."""
        settings = self._create_user("settings", "group_settings")
        admin = new_test_user(
            self.env, "estate-admin", "base.group_system,crm_real_estate.group_settings"
        )
        return (
            self.operator,
            self.agent,
            self.manager,
            self.director,
            settings,
            admin,
        )

    @contextmanager
    def _assert_refused(self, row, error=UserError):
        """The attempt fails, and the row is what it was."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = row.read()
        with mute_logger("odoo.sql_db"), self.assertRaises(error), self.cr.savepoint():
            yield
            self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(row.read(), before)

    @contextmanager
    def _without_fences(self, model):
        """Do what an administrator of the database could do."""
        table = SQL.identifier(self.env[model]._table)
        self.env.flush_all()
        self.cr.execute(SQL("ALTER TABLE %s DISABLE TRIGGER USER", table))
        yield table
        self.cr.execute(SQL("ALTER TABLE %s ENABLE TRIGGER USER", table))
        self.env.invalidate_all()
