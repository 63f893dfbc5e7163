"""Odoo's own leads, with and without a hundred estate leads beside them."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.tests import Form, tagged

from .coexistence import CoexistenceCase


class OdoosOwnLeads:
    """The scenarios; run with Odoo's stages before ours and with them behind ours."""

    # === SCORING ===

    def test_estate_leads_teach_the_scoring_nothing(self):
        self.assertEqual(self._get_frequencies(), self.learned)

    def test_winning_and_losing_teaches_the_scoring_the_same(self):
        def scenario():
            leads = self.crm.browse(self.leads.ids)
            leads[0].action_set_won()
            leads[1].action_set_lost()
            leads[8].stage_id = self.own_stages[0]
            leads[10].action_restore()
            return self._get_frequencies(), self._snapshot(leads)

        self._assert_same_without_ours(scenario)

    def test_rebuilding_the_scoring_gives_the_same_figures(self):
        def scenario():
            wizard = self.env["crm.lead.pls.update"].create({})
            with patch("odoo.modules.module.current_test", self):
                wizard.action_update_crm_lead_probabilities()
            return self._get_frequencies(), self._snapshot(self.leads)

        self._assert_same_without_ours(scenario)

    def test_the_tooltip_of_a_probability_is_the_same(self):
        self._assert_same_without_ours(
            lambda: self.crm.browse(self.leads[2].id).prepare_pls_tooltip_data()
        )

    def test_a_team_that_is_deleted_hands_on_the_same_figures(self):
        def scenario():
            self.leads.team_id = False
            self.sales.unlink()
            return self._get_frequencies()

        self._assert_same_without_ours(scenario)

    # === BOARD, LISTS AND FORECAST ===

    def test_the_pipeline_shows_the_same_columns(self):
        def scenario():
            domain, context = self._open("crm.crm_lead_action_pipeline")
            board = self.crm.with_context(**context, read_group_expand=True)
            return board.web_read_group(
                domain, ["stage_id"], ["__count", "expected_revenue:sum"]
            )

        self._assert_same_without_ours(scenario)

    def test_my_pipeline_shows_the_same_leads(self):
        def scenario():
            action = self.env["crm.team"].with_user(self.seller).action_your_pipeline()
            domain, context = self._read_action(action)
            return self._snapshot(self.crm.with_context(**context).search(domain))

        self._assert_same_without_ours(scenario)

    def test_the_forecast_is_the_same(self):
        def scenario():
            domain, context = self._open("crm.crm_lead_action_forecast")
            return self.crm.with_context(**context).formatted_read_group(
                domain,
                ["date_deadline:month"],
                ["expected_revenue:sum", "prorated_revenue:sum", "probability:avg"],
            )

        self._assert_same_without_ours(scenario)

    def test_every_list_of_crm_shows_the_same_leads(self):
        def scenario():
            actions = self.env["ir.actions.act_window"].search(
                [("res_model", "=", "crm.lead"), ("id", "not in", ours.ids)]
            )
            found = {}
            for action in actions:
                domain, context = self._read_action(action._get_action_dict())
                leads = self.crm.with_context(**context).search(domain)
                found[action.name, action.id] = leads.ids
            return found

        ours = self.env["ir.actions.act_window"].browse(
            self.env["ir.model.data"]
            .search(
                [
                    ("module", "=", "crm_real_estate"),
                    ("model", "=", "ir.actions.act_window"),
                ]
            )
            .mapped("res_id")
        )
        self._assert_same_without_ours(scenario)

    def test_the_stages_to_configure_are_the_same(self):
        def scenario():
            domain, _context = self._open("crm.crm_stage_action")
            return self.env["crm.stage"].search(domain).mapped("name")

        self._assert_same_without_ours(scenario)

    def test_the_activity_analysis_is_the_same(self):
        kind = self.env.ref("mail.mail_activity_data_call")
        for lead in self.leads[:2] + self.estate_leads[-2:]:
            lead.activity_schedule(activity_type_id=kind.id, user_id=self.seller.id)
            lead.activity_ids.action_feedback()

        def scenario():
            domain, _context = self._open("crm.crm_activity_report_action")
            return self.env["crm.activity.report"].search(domain).lead_id.ids

        self._assert_same_without_ours(scenario)

    def test_the_opportunities_of_a_contact_are_the_same(self):
        contact = self.estate_leads.partner_id[0]
        self.leads[:2].partner_id = contact

        def scenario():
            partner = contact.with_user(self.seller)
            domain, context = self._read_action(partner.action_view_opportunity())
            return partner.opportunity_count, self.crm.with_context(**context).search(
                domain
            ).ids

        self._assert_same_without_ours(scenario)

    def test_the_figures_of_the_digest_are_the_same(self):
        def scenario():
            digest = self.env["digest.digest"].create({"name": "Weekly"})
            digest = digest.with_user(self.seller).with_context(
                start_datetime=datetime(2020, 1, 1), end_datetime=datetime(2100, 1, 1)
            )
            return (
                digest.kpi_crm_lead_created_value,
                digest.kpi_crm_opportunities_won_value,
            )

        self._assert_same_without_ours(scenario)

    def test_a_new_lead_starts_in_the_same_stage(self):
        def scenario():
            form = Form(self.crm.with_context(default_type="opportunity"))
            form.name = "New"
            return form.save().stage_id.name

        self._assert_same_without_ours(scenario)

    # === MERGE, DUPLICATES, CONVERSION ===

    def test_duplicates_are_the_same_also_at_the_limit(self):
        def scenario():
            leads = self.crm.browse(self.leads.ids)
            return [
                (lead.duplicate_lead_ids.ids, lead.duplicate_lead_count)
                for lead in leads
            ]

        self._assert_same_without_ours(scenario)

    def test_merging_gives_the_same_lead(self):
        def scenario():
            return self._merge(self.leads[1:4])

        self._assert_same_without_ours(scenario)

    def test_merging_into_a_team_without_the_stage_gives_the_same_lead(self):
        self.leads[5].write({"team_id": self.other_sales.id})
        self.leads[5].stage_id = self.team_stage

        def scenario():
            return self._merge(self.leads[4:6], team_id=self.sales.id)

        self._assert_same_without_ours(scenario)

    def _merge(self, leads, **values):
        wizard = self.env["crm.merge.opportunity"].with_context(active_ids=leads.ids)
        action = wizard.create({"user_id": self.seller.id, **values}).action_merge()
        merged = self.env["crm.lead"].browse(action["res_id"])
        self.assertFalse((leads - merged).exists())
        return self._snapshot(merged)

    def test_conversion_proposes_and_makes_the_same(self):
        lead = self._create_raw_lead("own3@bigcorp.example.com")

        def scenario():
            wizard = Form(
                self.env["crm.lead2opportunity.partner"]
                .with_user(self.seller)
                .with_context(
                    active_model="crm.lead", active_id=lead.id, active_ids=lead.ids
                )
            ).save()
            proposed = wizard.name, wizard.duplicated_lead_ids.ids
            wizard.action_apply()
            return (
                proposed,
                self._snapshot(lead.exists()),
                self._snapshot(self.leads.exists()),
            )

        self._assert_same_without_ours(scenario)

    def _create_raw_lead(self, email, **values):
        return self.env["crm.lead"].create(
            {"name": "Raw", "type": "lead", "email_from": email, **values}
        )

    # === STAGES ===

    def test_a_change_of_team_leads_to_the_same_stage(self):
        def scenario():
            lead = self.leads[0]
            lead.write({"team_id": self.other_sales.id, "stage_id": self.team_stage.id})
            lead.team_id = self.sales
            return self._snapshot(lead)

        self._assert_same_without_ours(scenario)

    def test_the_lost_wizard_and_restore_do_the_same(self):
        reason = self.env["crm.lost.reason"].create({"name": "Too far"})

        def scenario():
            leads = self.crm.browse(self.leads[:3].ids)
            wizard = self.env["crm.lead.lost"].with_user(self.seller)
            wizard.create(
                {"lead_ids": leads.ids, "lost_reason_id": reason.id}
            ).action_lost_reason_apply()
            lost = self._snapshot(leads)
            leads[1:].action_restore()
            return lost, self._snapshot(leads)

        self._assert_same_without_ours(scenario)

    def test_the_straight_way_to_a_win_is_congratulated_the_same(self):
        lead = self.leads[0].with_user(self.seller)
        lead.write({"team_id": self.other_sales.id, "stage_id": self.team_stage.id})
        self._phase("sale", 7).team_ids = self.other_sales
        # Raw SQL: the lead has stood in the first stage for a day.
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = %s",
            [self.env.cr.now() - timedelta(days=1), lead.id],
        )
        lead.invalidate_recordset()
        # A person's deals of both kinds count for the other messages.
        self.estate_leads.write({"user_id": False, "team_id": self.other_sales.id})

        def scenario():
            return lead._get_rainbowman_message()

        self._assert_same_without_ours(scenario)

    # === CRM'S OWN ASSIGNMENT ===

    def test_crms_own_assignment_gives_the_same_and_leaves_ours_alone(self):
        self.env["ir.config_parameter"].set_param("crm.lead.auto.assignment", "True")
        for number in range(3):
            for domain in ("bigcorp", f"elsewhere{number}"):
                email = f"own{number}@{domain}.example.com"
                self._create_raw_lead(email, user_id=False, team_id=False)
        # Twenty leads a day: enough for Odoo's own, used up by ours if they counted.
        (self.sales + self.other_sales).crm_team_member_ids.assignment_max = 600
        self.estate_leads[-20:].write({"user_id": False, "team_id": False})
        self.estate_leads[-40:-20].write({"user_id": False})
        before = self._snapshot(self.estate_leads)

        def scenario():
            own = self.env["crm.lead"].search([("lead_role", "=", False)])
            with patch("odoo.modules.module.current_test", self):
                self.env["crm.team"]._cron_assign_leads()
                (self.sales + self.other_sales).action_assign_leads()
            self.assertEqual(
                self._snapshot(self.estate_leads.exists()),
                before if self.estate_leads.exists() else [],
            )
            members = self.sales.crm_team_member_ids
            return (
                self._snapshot(own.exists()),
                self.sales.lead_unassigned_count,
                members.mapped(lambda m: (m.lead_day_count, m.lead_month_count)),
            )

        self._assert_same_without_ours(scenario)


@tagged("post_install", "-at_install", "crm_real_estate")
class TestOdoosLeadsStayAsTheyAre(OdoosOwnLeads, CoexistenceCase):
    """Odoo's stages come before ours, as shipped."""

    def test_an_office_is_left_out_of_the_assignment_with_a_notice(self):
        lead = self._create_raw_lead(
            "new@example.com", team_id=self.office.id, user_id=False
        )
        self.env["ir.config_parameter"].set_param("crm.lead.auto.assignment", "True")
        action = (self.office + self.sales).action_assign_leads()
        self.assertIn("Left out", action["params"]["message"])
        self.assertIn(self.office.name, action["params"]["message"])
        self.assertFalse(lead.user_id)


@tagged("post_install", "-at_install", "crm_real_estate")
class TestOdoosLeadsStayAsTheyAreBehindOurs(OdoosOwnLeads, CoexistenceCase):
    """An agency numbered its own stages higher than ours."""

    @classmethod
    def _arrange_stages(cls):
        super()._arrange_stages()
        for stage in cls.own_stages + cls.team_stage:
            stage.sequence += 5000
