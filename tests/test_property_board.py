"""The board of a property's seekers opens at once, however many asked."""

import json

from lxml import etree

from odoo.tests import tagged
from odoo.tools import SQL

from .common import EstateCase

# What the web client reads of a record behind a field of these widgets.
READ_AS = {"many2one": {"fields": {"display_name": {}}}, "one2many": {"fields": {}}}


@tagged("post_install", "-at_install", "crm_real_estate")
class TestPropertyBoard(EstateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.prop = cls._create_property(state="on_market", agent_id=cls.agent.id)

    def _copy(self, record, count, **values):
        """Add copies of a record by SQL; `values`: column -> SQL, `n` counts them."""
        columns = [
            name
            for name, field in record._fields.items()
            if field.store and field.column_type and name not in ("id", *values)
        ]
        names = SQL(", ").join(SQL.identifier(name) for name in columns)
        # Raw SQL: hundreds of leads by the ORM would take a minute.
        self.env.cr.execute(
            SQL(
                """INSERT INTO %(table)s (%(names)s, %(own)s)
                SELECT %(names)s, %(values)s
                FROM %(table)s, generate_series(1, %(count)s) n WHERE id = %(id)s
                RETURNING id""",
                table=SQL.identifier(record._table),
                names=names,
                own=SQL(", ").join(SQL.identifier(name) for name in values),
                values=SQL(", ").join(values.values()),
                count=count,
                id=record.id,
            )
        )
        return [row[0] for row in self.env.cr.fetchall()]

    def _fill(self, count):
        """Let that many seekers ask about the property; they stand in all phases."""
        lead = self._create_seeker_lead(self.prop)
        lead.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.agent.id, summary="Think of it"
        )
        self.env.flush_all()
        task = lead.activity_ids[:1]
        partners = self._copy(lead.partner_id, count, name=SQL("'Seeker ' || n"))
        phases = self.env["crm.stage"].search([("pipeline", "=", "sale")]).ids
        leads = self._copy(
            lead,
            count,
            partner_id=SQL("(%s)[n]", partners),
            stage_id=SQL("(%s)[n %% %s + 1]", phases, len(phases)),
        )
        self._copy(task, count, res_id=SQL("(%s)[n]", leads))
        for table in ("crm_lead", "res_partner", "mail_activity"):
            self.env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
        self.env.invalidate_all()

    def _open(self):
        """Ask the server what the web client asks when the board is opened."""
        action = self.prop.with_user(self.agent).action_open_board()
        leads = (
            self.env["crm.lead"].with_user(self.agent).with_context(**action["context"])
        )
        view_id = self.env.ref("crm_real_estate.crm_lead_view_kanban_estate").id
        arch = leads.get_views([(view_id, "kanban")])["views"]["kanban"]["arch"]
        kanban = etree.fromstring(arch)
        names = {node.get("name") for node in kanban.iter("field")}
        bar = kanban.find("progressbar")
        groups = leads.web_read_group(
            action["domain"],
            [kanban.get("default_group_by")],
            auto_unfold=True,
            unfold_read_specification={
                name: READ_AS.get(leads._fields[name].type, {}) for name in names
            },
        )["groups"]
        colors = {"field": bar.get("field"), "colors": json.loads(bar.get("colors"))}
        leads.read_progress_bar(
            action["domain"], kanban.get("default_group_by"), colors
        )
        return groups

    def test_five_hundred_seekers_open_in_at_most_thirty_queries(self):
        self._fill(500)
        self._open()
        self.env.invalidate_all()
        with self.assertQueryCount(30):
            groups = self._open()
        self.assertEqual(sum(group["__count"] for group in groups), 501)
        # Folded columns are read when somebody opens them.
        shown = [lead for group in groups for lead in group.get("__records", ())]
        self.assertGreater(len(shown), 300)
        self.assertTrue(all(lead["partner_id"]["display_name"] for lead in shown))
