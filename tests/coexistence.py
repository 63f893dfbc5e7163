"""A database where CRM is in use, with a hundred estate leads or without them."""

import random

from odoo.fields import Command
from odoo.tools.safe_eval import safe_eval

from .common import EstateCase

PLS_FIELDS = "country_id,phone_state,email_state,source_id,tag_ids"
FIELDS = (
    "name",
    "type",
    "active",
    "probability",
    "automated_probability",
    "won_status",
    "expected_revenue",
    "prorated_revenue",
    "date_deadline",
    "stage_id",
    "team_id",
    "user_id",
    "partner_id",
    "lost_reason_id",
)


class CoexistenceCase(EstateCase):
    """A sales team with own leads, and estate leads mixed in as badly as can be.

    The estate leads have the same team, salesperson, mail domain, phone and country as
    Odoo's own ones.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        set_param = cls.env["ir.config_parameter"].set_param
        set_param("crm.pls_start_date", "2020-01-01")
        set_param("crm.pls_fields", PLS_FIELDS)
        cls.env["res.users"].browse(cls.env.uid).group_ids |= cls.env.ref(
            "crm.group_use_lead"
        )
        cls.sales = cls.env["crm.team"].create({"name": "Sales", "sequence": 1})
        cls.other_sales = cls.env["crm.team"].create({"name": "Other sales"})
        cls.seller = cls._create_seller("seller", cls.sales)
        cls._create_seller("seller2", cls.other_sales)
        cls._arrange_stages()
        cls.leads = cls._create_own_leads()
        cls.crm = cls.env["crm.lead"].with_user(cls.seller)
        cls.learned = cls._get_frequencies()
        cls.properties = cls._create_property(state="on_market") + cls._create_property(
            state="on_market", deal_type="rent", price=20_000
        )
        cls.estate_leads = cls._create_estate_leads()

    @classmethod
    def _create_seller(cls, login, team):
        """Return a salesperson of CRM who works with estate leads as well."""
        seller = cls._create_user(login, "group_office_manager", team)
        seller.group_ids = [Command.link(cls.env.ref("crm.group_use_lead").id)]
        return seller

    @classmethod
    def _arrange_stages(cls):
        cls.own_stages = cls.env["crm.stage"].search([("pipeline", "=", False)])
        cls.team_stage = cls.env["crm.stage"].create(
            {"name": "Pilot", "sequence": 50, "team_ids": cls.other_sales.ids}
        )

    @classmethod
    def _create_own_leads(cls):
        running = cls.own_stages.filtered(lambda stage: not stage.is_won)
        tag = cls.env["crm.tag"].create({"name": "Garden"})
        leads = cls.env["crm.lead"].create(
            [
                {
                    "name": f"Own {number}",
                    "type": "opportunity",
                    "stage_id": running[number % len(running)].id,
                    "team_id": cls.sales.id,
                    "user_id": cls.seller.id,
                    "email_from": f"own{number}@bigcorp.example.com",
                    "phone": "+420 601 000 111" if number < 3 else False,
                    "country_id": cls.env.ref(
                        "base.cz" if number % 3 else "base.de"
                    ).id,
                    "expected_revenue": 1000 * number,
                    "date_deadline": f"2026-0{number % 4 + 4}-10",
                    "tag_ids": tag.ids if number % 2 else False,
                }
                for number in range(12)
            ]
        )
        leads[8:10].action_set_won()
        leads[10:].action_set_lost()
        return leads

    @classmethod
    def _create_estate_leads(cls):
        """A hundred estate leads: open, won, cancelled; seekers and owners."""
        contacts = cls.env["res.partner"].create(
            [
                {
                    "name": f"Seeker {number}",
                    "estate_kind": "standard",
                    "email": f"own{number % 12}@bigcorp.example.com",
                    "phone": "+420 601 000 111" if number < 30 else False,
                    "country_id": cls.env.ref("base.cz").id,
                }
                for number in range(50)
            ]
        )
        alike = {
            "team_id": cls.sales.id,
            "user_id": cls.seller.id,
            "expected_revenue": 99_000,
            "date_deadline": "2026-04-10",
        }
        leads = cls.env["crm.lead"].create(
            [
                {
                    "name": f"Enquiry {contact.name}",
                    "lead_role": "seeker",
                    "property_id": prop.id,
                    "partner_id": contact.id,
                    **alike,
                }
                for prop in cls.properties
                for contact in contacts
            ]
        )
        for prop in cls.properties:
            mine = leads.filtered(lambda lead, prop=prop: lead.property_id == prop)
            mine[:10].action_set_won()
            mine[10:20].action_set_lost()
            mine[20:30].stage_id = cls.env.ref(
                f"crm_real_estate.crm_stage_{prop.deal_type}_5"
            )
        return leads

    # === COMPARISON ===

    @classmethod
    def _get_frequencies(cls):
        rows = cls.env["crm.lead.scoring.frequency"].sudo().search([])
        return {
            (row.team_id.name, row.variable, row.value): (row.won_count, row.lost_count)
            for row in rows
        }

    def _snapshot(self, leads):
        leads = leads.with_env(self.env).with_context(active_test=False).sorted("name")
        return leads.read(FIELDS)

    def _assert_same_without_ours(self, scenario):
        """Run a scenario with our leads and phases and without them: one outcome."""
        beside = self._run(scenario, is_alone=False)
        alone = self._run(scenario, is_alone=True)
        self.assertTrue(alone, "The scenario shows nothing.")
        self.assertEqual(beside, alone)

    def _run(self, scenario, is_alone):
        savepoint = self.env.cr.savepoint()
        if is_alone:
            self.env.flush_all()
            # Raw SQL: what a database without our module holds, in one stroke.
            self.env.cr.execute("DELETE FROM crm_lead WHERE lead_role IS NOT NULL")
            self.env.cr.execute("DELETE FROM crm_stage WHERE pipeline IS NOT NULL")
            self.env.invalidate_all()
            self.env.registry.clear_cache()
        random.seed(7)
        result = scenario()
        savepoint.rollback()
        savepoint.close()
        self.env.registry.clear_cache()
        return result

    def _open(self, xml_id):
        """Return domain and context of an action as the web client opens it."""
        action = (
            self.env["ir.actions.actions"].with_user(self.seller)._for_xml_id(xml_id)
        )
        return self._read_action(action)

    def _read_action(self, action):
        names = {"uid": self.seller.id, "active_id": self.sales.id}
        context = action["context"] or {}
        domain = action["domain"] or []
        return (
            safe_eval(domain, names) if isinstance(domain, str) else domain,
            safe_eval(context, names) if isinstance(context, str) else context,
        )
