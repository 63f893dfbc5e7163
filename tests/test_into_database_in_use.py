"""The module comes into a database that people have worked in for years."""

from pathlib import Path

from lxml import etree

from odoo.fields import Command
from odoo.tools import SQL, mute_logger
from odoo.tools.safe_eval import safe_eval

from .databases import MODULE, DatabaseCase, get_base_template
from .fingerprint import get_differences, read_fingerprint, read_limits, read_schema

# Odoo's own books: which modules there are, which models they extend, and the job for
# timed rules, which is written, with the same values, whenever a rule is added.
BOOKS = {"ir_module_module.*", "ir_model.info", "ir_cron.write_date"}
# What would tell people something, give them work or change what they have.
EFFECTS = (
    "calendar_event",
    "crm_lead",
    "discuss_channel",
    "mail_activity",
    "mail_followers",
    "mail_mail",
    "mail_notification",
    "res_partner",
    "res_users",
    "sms_sms",
)
# A chief of sales, one who sees his own leads only, a bookkeeper and a customer.
LOGINS = ("user1001", "user1002", "user1041", "user1042")
MODELS = (
    "res.partner",
    "crm.lead",
    "crm.stage",
    "crm.team",
    "crm.lost.reason",
    "mail.activity",
    "mail.activity.type",
    "mail.message",
    "mail.template",
    "calendar.event",
    "base.automation",
    "resource.calendar",
)
# An own lead, one of a colleague, a free one; contacts; what only a chief may change.
RECORDS = (
    ("crm.lead", 200001),
    ("crm.lead", 200009),
    ("crm.lead", 200007),
    ("res.partner", 100001),
    ("res.partner", 100010),
    ("crm.stage", 501),
    ("crm.team", 501),
    ("calendar.event", 300001),
    ("mail.activity", 300001),
)
OPERATIONS = ("read", "copy", "write", "unlink")


class Undo(Exception):
    """Raised to take back what was only tried."""


def prepare(env):
    """Add what an agency makes for itself in Odoo's screens; return what people see."""
    env["base.automation"].create(
        {
            "name": "Ring whoever has signed",
            "model_id": env["ir.model"]._get_id("crm.lead"),
            "trigger": "on_create_or_write",
            "filter_pre_domain": "[('stage_id', '=', 505)]",
            "filter_domain": "[('stage_id', '=', 506)]",
            "action_server_ids": [
                Command.create(
                    {
                        "name": "Ring",
                        "model_id": env["ir.model"]._get_id("crm.lead"),
                        "state": "next_activity",
                        "activity_type_id": env.ref("mail.mail_activity_data_call").id,
                        "activity_user_type": "generic",
                    }
                )
            ],
        }
    )
    env["ir.filters"].create(
        {"name": "Offers", "model_id": "crm.lead", "domain": "[('stage_id', '=', 503)]"}
    )
    return observe(env)


def observe(env):
    """Return what the users of the fixture see, and which doors are open to them."""
    result = {}
    for login in LOGINS:
        user = env["res.users"].search([("login", "=", login)])
        mine = env(user=user.id)
        result[login] = {
            "menus": attempt(mine, read_menus),
            "counts": {model: attempt(mine, count, model) for model in MODELS},
            "doors": {
                f"{operation} {model},{record_id}": attempt(
                    mine, try_operation, model, record_id, operation
                )
                for model, record_id in RECORDS
                for operation in OPERATIONS
            },
            "create": {
                model: attempt(mine, create, model)
                for model in ("crm.lead", "res.partner")
            },
            "board": attempt(mine, read_board),
            "forms": {
                model: attempt(mine, read_form, model)
                for model in ("crm.lead", "res.partner")
            },
        }
    return result


@mute_logger("odoo.sql_db")
def attempt(env, function, *arguments):
    """Return what a function returns or the kind of its refusal; change nothing."""
    outcome = []
    try:
        with env.cr.savepoint():
            outcome.append(function(env, *arguments))
            env.flush_all()
            raise Undo
    except Undo:
        return outcome[0]
    except Exception as error:  # noqa: BLE001 - whatever refuses, refuses
        return type(error).__name__


def read_menus(env):
    """Return the ids of the menus that the user finds in an app."""
    return sorted(map(str, env["ir.ui.menu"].load_menus(False)))


def count(env, model):
    """Return how many records there are, archived ones included."""
    return env[model].with_context(active_test=False).search_count([])


def create(env, model):
    """Create a record by its name alone."""
    return bool(env[model].create({"name": "New"}))


def try_operation(env, model, record_id, operation):
    """Do an operation to a record."""
    record = env[model].browse(record_id)
    if operation == "write":
        record.write({"summary" if model == "mail.activity" else "name": "Written"})
    elif operation == "read":
        record.read()
    else:
        getattr(record, operation)()
    return "done"


def read_board(env):
    """Return the columns of Odoo's pipeline and how many leads stand in each."""
    action = env["ir.actions.act_window"]._for_xml_id("crm.crm_lead_action_pipeline")
    domain = safe_eval(action["domain"] or "[]", {"uid": env.uid})
    groups = env["crm.lead"].web_read_group(domain, ["stage_id"], ["__count"])["groups"]
    return [[group["stage_id"], group["__count"]] for group in groups]


def read_form(env, model):
    """Return the names of the fields that a form always shows or shows at times."""
    arch = etree.fromstring(env[model].get_view(view_type="form")["arch"])
    return sorted(
        node.get("name")
        for node in arch.iter("field")
        if node.get("invisible") not in ("1", "True")
    )


def run_everything(env):
    """Run each job and each automated action of ours once; return what people see."""
    data = env["ir.model.data"].search([("module", "=", MODULE)])
    jobs = env["ir.cron"].browse(
        data.filtered(lambda d: d.model == "ir.cron").mapped("res_id")
    )
    for job in jobs | env.ref("base_automation.ir_cron_data_base_automation_check"):
        job.method_direct_trigger()
    # commit: jobs work in transactions of their own, what follows must see their end
    env.cr.commit()  # pylint: disable=invalid-commit
    rules = env["base.automation"].browse(
        data.filtered(lambda d: d.model == "base.automation").mapped("res_id")
    )
    for rule in rules:
        records = env[rule.model_name].with_context(active_test=False).search([])
        rule._process(rule._filter_post(records))
    env.flush_all()
    return {"jobs": len(jobs), "rules": len(rules), "seen": observe(env)}


class TestIntoADatabaseInUse(DatabaseCase):
    """50,000 contacts and 20,000 leads, the installation, then all jobs of ours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        database = cls._create_database(get_base_template())
        with cls._cursor(database) as cr:
            # Raw SQL: the ORM would need minutes for as many rows.
            cr.execute(Path(__file__).with_name("database_in_use.sql").read_text())
        cls.seen_before = cls._call(database, prepare)
        with cls._cursor(database) as cr:
            cls.schema = read_schema(cr)
            cls.limits = read_limits(cr, cls.schema)
            cls.before = read_fingerprint(cr, cls.schema, cls.limits)
        cls.installation = cls._install(database)
        with cls._cursor(database) as cr:
            cls.installed = read_fingerprint(cr, cls.schema, cls.limits)
        cls.worked = cls._call(database, run_everything)
        with cls._cursor(database) as cr:
            cls.after = read_fingerprint(cr, cls.schema, cls.limits)
            cls.limits_after = read_limits(cr, cls.schema)
            cls.effects = cls._read_effects(cr)

    @classmethod
    def _read_effects(cls, cr):
        """Return who is in our groups, what was told, what stands in our columns."""
        cr.execute(
            """
            SELECT users.login, data.name FROM res_groups_users_rel AS member
                JOIN ir_model_data AS data ON data.res_id = member.gid
                JOIN res_users AS users ON users.id = member.uid
            WHERE data.model = 'res.groups' AND data.module = %s
            """,
            [MODULE],
        )
        members = cr.fetchall()
        cr.execute(
            "SELECT DISTINCT model FROM mail_message WHERE id > %s",
            [cls.limits["mail_message"]],
        )
        talked_about = {model for (model,) in cr.fetchall()}
        ledgers = ("estate_interaction", "estate_call", "estate_dispatch_decision")
        rows = read_limits(cr, {table: ["id"] for table in ledgers})
        added = set(read_schema(cr)["crm_lead"]) - set(cls.schema["crm_lead"])
        columns = SQL(", ").join(
            SQL("COUNT(%s)", SQL.identifier(c)) for c in sorted(added)
        )
        cr.execute(SQL("SELECT %s FROM crm_lead", columns))
        filled = dict(zip(sorted(added), cr.fetchone(), strict=True))
        return {
            "members": members,
            "talked_about": talked_about,
            "rows": rows,
            "filled": filled,
        }

    def test_the_fixture_is_as_large_as_promised(self):
        """M144: 50,000 contacts, 20,000 leads and 40 sales users are there before."""
        counts = self.seen_before["user1001"]["counts"]
        self.assertGreater(counts["res.partner"], 50_000)
        self.assertEqual(counts["crm.lead"], 20_000)

    def test_installing_takes_less_than_three_minutes(self):
        """M144: an agency can install it over lunch."""
        self.assertLess(self.installation.seconds, 180)

    def test_installing_takes_less_than_a_gibibyte(self):
        """M144: nothing loads the existing rows into memory."""
        self.assertLess(self.installation.peak, 1024)

    def test_installing_changes_no_existing_value(self):
        """M144: every value of every existing column, write dates included, is kept."""
        self.assertEqual(self._get_changes(self.installed), set())

    def test_jobs_and_rules_change_no_existing_value(self):
        """M144: no lead moves, no contact is touched when all of ours has run."""
        self.assertGreater(self.worked["jobs"], 0)
        self.assertGreater(self.worked["rules"], 0)
        # Of the job for timed rules, when it ran last and runs next.
        changed = {key for key in self._get_changes(self.after) if key[0] != "ir_cron"}
        self.assertEqual(changed, set())

    def _get_changes(self, fingerprint):
        return {
            (table, column)
            for table, column in get_differences(self.before, fingerprint)
            if not {f"{table}.*", f"{table}.{column}"} & BOOKS
        }

    def test_nothing_is_sent_planned_or_told(self):
        """M144: no mail, SMS, task, meeting, message or lead comes into being."""
        for table in EFFECTS:
            with self.subTest(table=table):
                self.assertEqual(self.limits_after.get(table), self.limits.get(table))
        # Odoo notes on automated actions and jobs who made them.
        notes = {"base.automation", "ir.actions.server", "ir.cron"}
        self.assertEqual(self.effects["talked_about"] - notes, set())

    def test_nothing_is_computed_for_leads_that_are_not_ours(self):
        """M144: what we add to leads stays empty, and costs nothing."""
        self.assertIn("pipeline", self.effects["filled"])
        self.assertEqual(set(self.effects["filled"].values()), {0})

    def test_the_journal_starts_empty(self):
        """M144: no ledger of ours tells anything of leads that are not ours."""
        self.assertEqual(set(self.effects["rows"].values()), {0})

    def test_only_the_installing_administrator_gets_our_groups(self):
        """M144: nobody else sees anything of ours."""
        self.assertEqual(self.effects["members"], [("admin", "group_settings")])

    def test_everybody_else_sees_and_does_what_he_did(self):
        """M144: menus, counts, rights, board and forms of users without our groups."""
        for login in LOGINS:
            before, after = self.seen_before[login], self.worked["seen"][login]
            for what, seen in before.items():
                with self.subTest(login=login, what=what):
                    self.assertEqual(
                        after[what], seen, self._explain(seen, after[what])
                    )

    def _explain(self, before, after):
        """Return what differs only: the whole would fill pages."""
        if not isinstance(before, dict) or not isinstance(after, dict):
            return ""
        return {
            key: (old, after[key]) for key, old in before.items() if after[key] != old
        }
