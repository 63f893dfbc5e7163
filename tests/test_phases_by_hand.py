"""A person moves a phase: by an action that names it, or by dragging the card."""

from lxml import etree

from odoo.exceptions import UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools.safe_eval import safe_eval

from .common import NOW
from .test_phases import PhasesCase


@tagged("post_install", "-at_install", "crm_real_estate")
class TestThePhaseIsChosenInTheHistory(PhasesCase):
    def test_the_free_steps(self):
        """M103: steps 3, 7, 10, 11 and 12 by an action that names the phase."""
        for number in (3, 7, 10, 11, 12):
            phase = self._phase("sale", number)
            self._log_action(self.lead, "note", stage_id=phase, summary="As agreed")
            self.assertEqual(self.lead.stage_id, phase)
            rows = self.lead.interaction_ids.sorted("id")
            self.assertEqual(rows[-1].caused_by_id, rows[-2])
            self.assertEqual(
                (rows[-2].type_code, rows[-2].summary), ("note", "As agreed")
            )

    def test_the_free_steps_of_a_rental(self):
        """M101, M103: a rental's phases are chosen the same way."""
        for number in (3, 7, 8, 10):
            phase = self._phase("rent", number)
            self._log_action(self.rental_lead, "note", stage_id=phase)
            self.assertEqual(self.rental_lead.stage_id, phase)

    def test_what_the_person_chose_wins_over_what_the_action_means(self):
        """M103: the chosen phase is the only move of that action."""
        self._log_action(self.lead, "reservation", stage_id=self._phase("sale", 3))
        moves = self.lead.interaction_ids.filtered("phase_to")
        self.assertEqual(
            moves.mapped(lambda m: (m.phase_to, m.cause)), [("sale/3", "person")]
        )

    def test_the_phase_is_asked_only_with_a_contact(self):
        """M104: on a property the phase is asked once a contact is linked."""
        form = self._open_log(property_id=self.prop.id)
        form.type_id = self.env["estate.interaction.type"]._get("note")
        self.assertTrue(form._get_modifier("stage_id", "invisible"))
        form.partner_id = self.contact
        self.assertEqual(form.lead_id, self.lead)
        self.assertFalse(form._get_modifier("stage_id", "invisible"))
        form.stage_id = self._phase("sale", 7)
        form.save().action_log()
        self.assertEqual(self.lead.stage_id, self._phase("sale", 7))

    def test_a_card_of_the_board_opens_it_filled_in(self):
        """M105: from a card of the board contact, property and lead are filled in."""
        arch = self.env.ref("crm_real_estate.crm_lead_view_kanban_estate").arch_db
        self.assertIn("Log an action", arch)
        view = self.env["crm.lead"].get_view(
            self.env.ref("crm_real_estate.crm_lead_view_kanban_estate").id, "kanban"
        )
        entry = self._find_menu_entry(view["arch"])
        values = {
            "id": self.lead.id,
            "partner_id": self.contact.id,
            "property_id": self.prop.id,
        }
        wizard = self.env["estate.interaction.log"].with_user(self.agent)
        form = Form(wizard.with_context(**safe_eval(entry.get("context"), values)))
        self.assertEqual(
            (form.partner_id, form.property_id, form.lead_id),
            (self.contact, self.prop, self.lead),
        )
        self.assertFalse(form._get_modifier("stage_id", "invisible"))

    def _find_menu_entry(self, arch):
        action = self.env.ref("crm_real_estate.estate_interaction_log_action")
        path = f".//t[@t-name='menu']//a[@name='{action.id}']"
        return etree.fromstring(arch).find(path)

    def test_a_contact_who_is_the_owner_begins_no_enquiry(self):
        form = self._open_log(property_id=self.prop.id)
        form.partner_id = self.prop.owner_ids
        form.type_id = self.env["estate.interaction.type"]._get("call_reached")
        form.save().action_log()
        self.assertFalse(self.prop.owner_ids.estate_lead_ids)

    def test_nobody_and_nothing_is_refused_with_a_sentence(self):
        form = self._open_log()
        form.type_id = self.env["estate.interaction.type"]._get("note")
        with self.assertRaisesRegex(UserError, "with whom or about which"):
            form.save().action_log()


@tagged("post_install", "-at_install", "crm_real_estate")
class TestTheDragWritesARemark(PhasesCase):
    def test_a_card_dragged_to_another_column_is_explained(self):
        """M106: a drag writes from, to, by whom and when into the history."""
        leads, _domain = self._open_board(self.prop)
        with self.mock_now():
            card = leads.browse(self.lead.id)
            card.web_save({"stage_id": self._phase("sale", 7).id}, {"stage_id": {}})
        row = self.lead.interaction_ids.sorted("id")[-1]
        self.assertEqual(
            (row.type_code, row.summary, row.user_id, row.occurred_at),
            ("phase_move", "From Enquiry received to Negotiation", self.agent, NOW),
        )

    def mock_now(self):
        return freeze_time(NOW)
