"""Several databases on one server, and copies of one that must keep still."""

import base64
import shutil
import tempfile
import threading
from pathlib import Path

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tools import SQL

from odoo.addons.base.models.ir_cron import IrCron

from .agency_at_work import fill
from .databases import MODULE, DatabaseCase, get_filestore, get_module_template
from .fingerprint import read_schema
from .openimmo_files import build_file

PLACES = ("northtown", "southtown")


def work_off(env, south):
    """Receive in two databases of this process, then run the jobs of both at once.

    :param str south: name of the second database
    """
    databases = (env.cr.dbname, south)
    for place, database in zip(PLACES, databases, strict=True):
        with Registry(database).cursor() as cr:
            receive(api.Environment(cr, SUPERUSER_ID, {}), place)
    # What the threads of a server do, all of them in one process.
    threads = [
        threading.Thread(target=IrCron._process_jobs, args=[db]) for db in databases
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def receive(env, place):
    """Give a database sources of its own; a mail and a file arrive there.

    Both databases get the same keys: a file with the same objects, a mail with the same
    Message-Id, properties with the same reference.
    """
    if place == PLACES[1]:
        # What was there before: no record of the second has the id of its twin.
        env["res.partner"].create([{"name": f"Before {number}"} for number in range(7)])
        kind = env["estate.interaction.type"]._get("enquiry")
        vals = kind.copy_data()[0] | {"code": kind.code}
        kind.code = "former_enquiry"
        kind.flush_recordset()
        kind.create(vals)
    team = env["crm.team"].create({"name": f"Office {place}", "is_estate_office": True})
    vals = {"team_id": team.id, "contact_role": "owner"}
    mails, files = env["estate.intake.source"].create(
        [
            {"name": f"Mails {place}", "kind": "mail", **vals},
            {"name": f"Files {place}", "kind": "openimmo", **vals},
        ]
    )
    prop = env["estate.property"].create(
        {
            "name": f"House in {place}",
            "deal_type": "sale",
            "state": "on_market",
            "owner_ids": [Command.create({"name": f"Owner {place}"})],
        }
    )
    env["mail.thread"].message_process(
        "estate.intake.message",
        f"From: Sam <sam@{place}.example.com>\nTo: office@{place}.example.com\n"
        f"Subject: {prop.reference}\nMessage-Id: <1@example.com>\n\n"
        f"Is {prop.reference} in {place} still free?",
        custom_values={"source_id": mails.id},
    )
    person = {"email": f"owner@{place}.example.com", "last_name": place, "title": place}
    content = build_file(objects=2, company=place, overrides={0: person, 1: person})
    upload = env["estate.intake.upload"].create(
        {
            "source_id": files.id,
            "content": base64.b64encode(content),
            "file_name": "listings.xml",
        }
    )
    upload.action_store()


class TestTwoDatabases(DatabaseCase):
    """Two agencies live on one server, each in a database of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        north, south = (
            cls._create_database(get_module_template()) for _place in PLACES
        )
        cls.databases = dict(zip(PLACES, (north, south), strict=True))
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.data = Path(folder.name, "data")
        for database in (north, south):
            if get_filestore(database).exists():
                shutil.copytree(
                    get_filestore(database), cls.data / "filestore" / database
                )
        cls.finished = cls._call(
            north, work_off, south, data_dir=cls.data, server_wide_modules="base,web"
        )

    def _fetch(self, place, statement):
        with self._cursor(self.databases[place]) as cr:
            cr.execute(statement)
            return cr.fetchall()

    def test_intake_and_jobs_of_both_have_run(self):
        """M143: in each database the mail is an enquiry and the file are two owners."""
        for place in PLACES:
            with self.subTest(place=place):
                states = self._fetch(place, "SELECT state FROM estate_intake_message")
                self.assertEqual(states, [("done",), ("done",)])
                roles = self._fetch(place, "SELECT lead_role FROM crm_lead ORDER BY 1")
                self.assertEqual(roles, [("owner",), ("owner",), ("seeker",)])

    def test_nothing_crosses(self):
        """M143: no row of any table of one database names what arrived in the other."""
        for place, other in (PLACES, PLACES[::-1]):
            with self._cursor(self.databases[place]) as cr:
                tables = self._find_tables(cr, place, other)
            with self.subTest(place=place):
                self.assertIn("crm_lead", tables[place])
                self.assertIn("res_partner", tables[place])
                self.assertEqual(tables[other], [])

    def _find_tables(self, cr, *words):
        """Return word -> the tables in whose rows it occurs; each is read once."""
        statement = SQL(" UNION ALL ").join(
            SQL(
                "SELECT %s, bool_or(r LIKE %s), bool_or(r LIKE %s)"
                " FROM (SELECT t::text AS r FROM %s AS t OFFSET 0) AS rows",
                table,
                *(f"%{word}%" for word in words),
                SQL.identifier(table),
            )
            for table in read_schema(cr)
        )
        cr.execute(statement)
        rows = cr.fetchall()
        return {
            word: [row[0] for row in rows if row[number]]
            for number, word in enumerate(words, 1)
        }

    def test_the_server_needs_nothing_but_the_module(self):
        """M143: no server-wide module, no file on the disk beside Odoo's filestore."""
        files = [
            path.relative_to(self.data)
            for path in self.data.rglob("*")
            if path.is_file()
        ]
        self.assertEqual({file.parts[0] for file in files}, {"filestore"})
        self.assertEqual(
            {file.parts[1] for file in files}, set(self.databases.values())
        )


class TestNeutralized(DatabaseCase):
    """A copy of a database for trying things out disturbs nobody."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.database = cls._create_database(get_module_template())
        cls._call(cls.database, fill)
        cls.before = cls._read_outgoing()
        cls._run(cls.database, "neutralize")
        cls.after = cls._read_outgoing()

    @classmethod
    def _read_outgoing(cls):
        """Return how many jobs, report plans and addresses of ours are in use."""
        with cls._cursor(cls.database) as cr:
            cr.execute(
                """
                SELECT
                    (SELECT COUNT(*) FROM ir_cron JOIN ir_model_data AS data
                        ON data.model = 'ir.cron' AND data.res_id = ir_cron.id
                    WHERE data.module = %s AND active),
                    (SELECT COUNT(*) FROM estate_report_plan WHERE active),
                    (SELECT COUNT(*) FROM mail_alias JOIN ir_model
                        ON ir_model.id = alias_model_id
                    WHERE ir_model.model LIKE 'estate.%%' AND alias_name IS NOT NULL)
                """,
                [MODULE],
            )
            return cr.fetchone()

    def test_no_job_no_report_and_no_address_is_in_use(self):
        """Jobs are off, no owner gets a report, no mail becomes an enquiry."""
        self.assertNotIn(0, self.before)
        self.assertEqual(self.after, (0, 0, 0))
