"""The module goes, with data in use, and comes again; updates respect the admins."""

from odoo.tools import SQL

from .. import uninstall
from .agency_at_work import fill
from .common import EstateCase
from .databases import MODULE, DatabaseCase, get_base_template, get_module_template
from .fingerprint import get_differences, read_fingerprint, read_limits, read_schema

# Registers that hold what a module brings: after us each has as many rows as before us.
REGISTERS = (
    "base_automation",
    "crm_stage",
    "ir_act_client",
    "ir_act_report_xml",
    "ir_act_server",
    "ir_act_window",
    "ir_asset",
    "ir_config_parameter",
    "ir_cron",
    "ir_exports",
    "ir_filters",
    "ir_model",
    "ir_model_access",
    "ir_model_constraint",
    "ir_model_data",
    "ir_model_fields",
    "ir_model_fields_selection",
    "ir_model_relation",
    "ir_rule",
    "ir_sequence",
    "ir_ui_menu",
    "ir_ui_view",
    "mail_activity_type",
    "mail_template",
    "res_groups",
    "res_groups_privilege",
)
# What PostgreSQL itself knows: tables with columns, indexes, constraints, triggers,
# functions, sequences. Odoo's own trigram indexes come with the extension, and stay.
STRUCTURE = """
    SELECT 'column', table_name || '.' || column_name || ' ' || is_nullable
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL SELECT 'index', indexname FROM pg_indexes
    WHERE schemaname = 'public' AND indexdef NOT LIKE '%gin_trgm_ops%'
    UNION ALL SELECT 'constraint', conrelid::regclass || '.' || conname
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'trigger', tgname FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'sequence', sequencename FROM pg_sequences
    WHERE schemaname = 'public'
    UNION ALL SELECT 'function', proname FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND NOT EXISTS (
        SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e'
    )
"""

# What an admin does to the shipped records, and the tables in which he does it.
EDITS = {
    "automation_enquiry": {"active": False},
    "automation_first_call": {"filter_domain": "[('lead_role', '=', 'owner')]"},
    "automation_refused_action": {"name": "That was it", "sequence": 7},
    "crm_stage_sale_5": {"name": "Show it", "sequence": 1099, "win_percent": 33},
    "estate_call_outcome_busy": {"retry_minutes": "7"},
    "estate_calling_rule_fr": {"most_attempts": 2},
    "estate_call_rule_company": {"name": "Calls", "perm_write": False},
    "estate_interaction_type_letter": {"name": "Paper", "is_response": False},
    "ir_cron_check_ledgers": {"interval_number": 3, "active": False},
    "ir_sequence_estate_property": {"prefix": "HOUSE"},
    "mail_activity_type_answer": {"summary": "Answer now"},
    "mail_template_answer": {"subject": "Our answer"},
}
DELETED = (
    "automation_wrong_number",
    "crm_lost_reason_enquiry_refused",
    "crm_stage_rent_12",
    "digest_digest_steering",
    "estate_call_outcome_wrong_number",
    "estate_contact_requirement_standard_reach",
    "estate_property_type_farm",
    "estate_refusal_reason_place",
    "mail_template_documentation",
)
EDITABLE = (
    "base_automation",
    "crm_lost_reason",
    "crm_stage",
    "digest_digest",
    "estate_call_outcome",
    "estate_calling_rule",
    "estate_contact_requirement",
    "estate_interaction_type",
    "estate_property_type",
    "estate_refusal_reason",
    "ir_act_server",
    "ir_cron",
    "ir_rule",
    "ir_sequence",
    "mail_activity_type",
    "mail_template",
    "res_groups_users_rel",
    "resource_calendar",
    "resource_calendar_attendance",
)


def open_everything(env, login, kept):
    """Read all contacts, leads and meetings with their chatter, as a user does.

    :return: what the records in `kept` look like now
    """
    user = env["res.users"].search([("login", "=", login)])
    mine = env(user=user.id)
    opened = {}
    for model in ("res.partner", "crm.lead", "calendar.event"):
        records = mine[model].with_context(active_test=False).search([])
        form = mine[model].get_views([(False, "form"), (False, "list")])
        names = set(form["models"][model]["fields"]) & set(
            mine[model].fields_get(attributes=["type"])
        )
        records.web_read({name: {} for name in names})
        for record in records:
            if "message_ids" in record:
                record.message_ids.read(["body", "author_id", "mail_activity_type_id"])
            record.activity_ids.read(["display_name", "activity_type_id", "state"])
        opened[model] = len(records)
    leads = mine["crm.lead"].with_context(active_test=False)
    columns = leads.web_read_group([], ["stage_id"], ["__count"])["groups"]
    return {
        "opened": opened,
        "board": [[column["stage_id"][1], column["__count"]] for column in columns],
        "leads": {
            str(lead.id): [
                lead.stage_id.name,
                lead.won_status,
                lead.lost_reason_id.name,
            ]
            for lead in leads.browse(
                kept["enquiries"] + kept["owners"] + [kept["lost"]]
            )
        },
    }


def open_and_work_on(env, login, kept):
    """Open everything, then go on working; return what both return."""
    return open_everything(env, login, kept), work_on(env, login, kept)


def work_on(env, login, kept):
    """Go on working with what is left, as a user does; return what came of it."""
    user = env["res.users"].search([("login", "=", login)])
    mine = env(user=user.id)
    stage = mine["crm.stage"].search([], limit=1)
    leads = mine["crm.lead"].browse(kept["enquiries"][:2])
    leads.write({"stage_id": stage.id})
    leads.action_set_won()
    new = mine["crm.lead"].create({"name": "After us"})
    leads.partner_id.write({"comment": "Still here"})
    return [*leads.mapped("won_status"), new.stage_id == stage]


class TestUninstall(DatabaseCase):
    """An agency has worked with the module, gives it up, and takes it again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with cls._cursor(cls._create_database(get_base_template())) as cr:
            cls.structure_before = cls._read_structure(cr)
            cls.rows_before = cls._count_rows(cr)
        # The template is that base with the module installed.
        cls.database = cls._create_database(get_module_template())
        cls.kept = cls._call(cls.database, fill)
        with cls._cursor(cls.database) as cr:
            cls.business_before = cls._count_business(cr)
        cls._run(cls.database, "module uninstall", MODULE)
        with cls._cursor(cls.database) as cr:
            cls.structure = cls._read_structure(cr)
            cls.rows = cls._count_rows(cr)
            cls.business = cls._count_business(cr)
        cls.seen, cls.won = cls._call(
            cls.database, open_and_work_on, "estate-manager", cls.kept
        )

    @classmethod
    def _read_structure(cls, cr):
        cr.execute(STRUCTURE)
        return set(cr.fetchall())

    @classmethod
    def _count_rows(cls, cr):
        counts = {}
        for table in REGISTERS:
            cr.execute(SQL("SELECT COUNT(*) FROM %s", SQL.identifier(table)))
            counts[table] = cr.fetchone()[0]
        return counts

    @classmethod
    def _count_business(cls, cr):
        """Count what belongs to the agency, with messages on Odoo's records only."""
        cr.execute(
            """
            SELECT 'contacts', COUNT(*) FROM res_partner
            UNION ALL SELECT 'leads', COUNT(*) FROM crm_lead
            UNION ALL SELECT 'meetings', COUNT(*) FROM calendar_event
            UNION ALL SELECT 'offices', COUNT(*) FROM crm_team
            UNION ALL SELECT 'people', COUNT(*) FROM res_users
            UNION ALL SELECT 'messages', COUNT(*) FROM mail_message
            WHERE model IN ('crm.lead', 'res.partner', 'calendar.event')
            UNION ALL SELECT 'done tasks', COUNT(*) FROM mail_activity
            WHERE res_model IN ('crm.lead', 'res.partner') AND NOT active
            """
        )
        return dict(cr.fetchall())

    def _query(self, statement, *parameters):
        with self._cursor(self.database) as cr:
            cr.execute(statement, parameters or None)
            return cr.fetchall()

    def test_the_structure_of_the_database_is_as_it_was(self):
        """No table, column, index, constraint, trigger or function of ours is left."""
        self.assertEqual(self.structure - self.structure_before, set())
        self.assertEqual(self.structure_before - self.structure, set())

    def test_no_register_holds_anything_of_ours(self):
        """Stages, jobs, groups, rules, views, menus: only what admins made stays."""
        more = {
            table: count - self.rows_before[table]
            for table, count in self.rows.items()
            if count != self.rows_before[table]
        }
        self.assertEqual(
            more, {"base_automation": 2, "ir_act_server": 2, "ir_filters": 2}
        )

    def test_nothing_points_to_a_model_of_ours(self):
        """No attachment, address, follower, message or task about what is gone."""
        for table, column in (
            ("ir_attachment", "res_model"),
            ("mail_message", "model"),
            ("mail_activity", "res_model"),
            ("mail_followers", "res_model"),
            ("calendar_event", "res_model"),
            ("ir_model_data", "model"),
        ):
            with self.subTest(table=table):
                statement = SQL(
                    "SELECT COUNT(*) FROM %s WHERE %s LIKE 'estate.%%'",
                    SQL.identifier(table),
                    SQL.identifier(column),
                )
                self.assertEqual(self._query(statement), [(0,)])

    def test_all_that_belongs_to_the_agency_stays(self):
        """Contacts, leads, meetings, offices, people, their chatter and done tasks."""
        self.assertEqual(self.business, self.business_before)
        self.assertGreater(self.business["done tasks"], 0)

    def test_everything_opens_without_an_error(self):
        """A user reads every contact, lead and meeting with its chatter."""
        self.assertGreaterEqual(self.seen["opened"]["crm.lead"], 12)
        self.assertGreaterEqual(self.seen["opened"]["calendar.event"], 2)

    def test_the_sales_go_on(self):
        """A former member of ours wins what was ours, and creates a lead."""
        self.assertEqual(self.won, ["won", "won", True])

    def test_leads_stand_in_fitting_stages(self):
        """Won stays won, lost stays lost, the others stand as far as they were."""
        leads = self.seen["leads"]
        enquiries = [leads[str(lead_id)] for lead_id in self.kept["enquiries"]]
        owners = [leads[str(lead_id)] for lead_id in self.kept["owners"]]
        self.assertEqual(
            enquiries,
            [
                ["New", "pending", False],
                ["New", "pending", False],
                ["Proposition", "pending", False],
                ["Won", "won", False],
                ["New", "pending", False],
                ["New", "pending", False],
                ["Proposition", "pending", False],
                ["Proposition", "lost", "Seeker refused"],
            ],
        )
        self.assertEqual(
            [lead[1] for lead in owners], ["pending", "pending", "lost", "pending"]
        )

    def test_why_a_lead_was_lost_stays_known(self):
        """A reason of ours that a lead carries is left to the agency."""
        self.assertEqual(self.seen["leads"][str(self.kept["lost"])][2], "Wrong number")
        names = {
            name
            for (name,) in self._query("SELECT name->>'en_US' FROM crm_lost_reason")
        }
        self.assertIn("Seeker refused", names)
        self.assertNotIn("Not reached", names)

    def test_planned_tasks_of_ours_are_cancelled(self):
        """Nobody is asked to do what only we know how to do."""
        planned = self._query("SELECT summary FROM mail_activity WHERE active")
        self.assertEqual(planned, [])

    def test_mails_to_an_office_become_leads_again(self):
        """The address of an office leads to CRM, our own addresses are free."""
        rows = self._query(
            """
            SELECT alias_name, model FROM mail_alias
                JOIN ir_model ON ir_model.id = alias_model_id
            WHERE alias_name IN ('portal', 'listings', 'prague')
            """
        )
        self.assertEqual(rows, [("prague", "crm.lead")])

    def test_rules_and_favourites_that_speak_of_us_are_archived(self):
        """What admins and users made stays; what could not work is switched off."""
        for kind, expected in (("stopped", False), ("working", True)):
            for model, record_id in self.kept[kind].items():
                with self.subTest(kind=kind, model=model):
                    statement = SQL(
                        "SELECT active FROM %s WHERE id = %s",
                        SQL.identifier(model.replace(".", "_")),
                        record_id,
                    )
                    self.assertEqual(self._query(statement), [(expected,)])

    def test_the_module_can_be_installed_again(self):
        """Everything of ours is there again, and the leads of before are Odoo's own."""
        database = self._create_database(self.database)
        self._install(database)
        with self._cursor(database) as cr:
            cr.execute(
                """
                SELECT (SELECT COUNT(*) FROM crm_stage WHERE pipeline IS NOT NULL),
                    (SELECT COUNT(*) FROM crm_lead WHERE lead_role IS NOT NULL)
                """
            )
            self.assertEqual(cr.fetchone(), (35, 0))


def edit(env):
    """Change, archive and delete what the module brought, as an admin does."""
    for name, vals in EDITS.items():
        env.ref(f"{MODULE}.{name}").write(vals)
    for name in DELETED:
        env.ref(f"{MODULE}.{name}").unlink()
    env.ref("base.user_admin").group_ids -= env.ref(f"{MODULE}.group_settings")


class TestUpdate(DatabaseCase):
    """The module is updated twice after an admin has made it fit his agency."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.database = cls._create_database(get_module_template())
        cls._call(cls.database, edit)
        with cls._cursor(cls.database) as cr:
            schema = read_schema(cr)
            cls.schema = {table: schema[table] for table in EDITABLE}
            cls.limits = read_limits(cr, cls.schema)
            cls.edited = read_fingerprint(cr, cls.schema, cls.limits)
        for _time in range(2):
            cls._run(cls.database, "server", "-u", MODULE, "--stop-after-init")
        with cls._cursor(cls.database) as cr:
            cls.limits_after = read_limits(cr, cls.schema)
            cls.updated = read_fingerprint(cr, cls.schema, cls.limits)

    def test_what_an_admin_changed_stays_as_he_wants_it(self):
        """Names, filters, delays, texts, intervals and memberships are his."""
        changed = get_differences(self.edited, self.updated)
        # An update may write what it finds, but nothing else than it finds.
        self.assertEqual(
            {key for key in changed if not key[1].startswith("write_")}, set()
        )

    def test_what_an_admin_deleted_does_not_come_back(self):
        """No stage, rule, outcome, reason or type is made a second time."""
        self.assertEqual(self.limits_after, self.limits)


class TestUninstallWithoutStages(EstateCase):
    """An agency that has given up Odoo's own pipeline loses the module."""

    def test_leads_keep_the_phases_that_nothing_of_odoo_can_replace(self):
        self.env["crm.lead"].search([]).unlink()
        self.env["crm.stage"].search([("pipeline", "=", False)]).unlink()
        running, won = self._create_seeker_lead(), self._create_seeker_lead()
        won.action_set_won()
        names = running.stage_id.name, won.stage_id.name
        self.env.flush_all()
        uninstall._move_leads_to_own_stages(self.env)
        self.assertEqual((running.stage_id.name, won.stage_id.name), names)
        stages = self.env["crm.stage"].search([])
        self.assertEqual(stages, running.stage_id | won.stage_id)
        self.assertFalse(any(stages.mapped("pipeline")))
