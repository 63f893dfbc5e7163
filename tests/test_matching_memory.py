"""What a pair of search and property remembers, and the search of an enquiry."""

from odoo.exceptions import ValidationError
from odoo.fields import Datetime
from odoo.tests import Form, freeze_time

from .common import NOW
from .matching import MatchingCase


@freeze_time(NOW)
class TestMemory(MatchingCase):
    """What was sent, refused or left out stays so, until what it was about changes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(NOW):
            cls.search = cls._create_search()
            cls.prop = cls._create_offer()
        cls.pair = cls._get_pairs(cls.search, cls.prop)

    def _refuse(self, pair, reason, user=None):
        wizard = self.env["estate.pair.refuse"].with_user(user or self.agent)
        wizard = wizard.with_context(**pair.action_refuse()["context"])
        with Form(wizard) as form:
            form.reason_id = self.reasons[reason]
        form.record.action_refuse()

    def _is_sendable(self):
        domain = self.env["estate.pair"]._get_sendable_domain()
        return bool(self.pair.search([("id", "=", self.pair.id), *domain]))

    def test_a_refusal_ends_the_lead_and_is_written_to_the_journal(self):
        """M117: in one transaction, with the reason."""
        lead = self._create_seeker_lead(self.prop, self.seeker)
        self._refuse(self.pair, "small")
        self.assertEqual(self.pair.state, "refused")
        self.assertEqual(self.pair.refusal_reason_id, self.reasons["small"])
        self.assertEqual(lead.won_status, "lost")
        self.assertTrue(lead.stage_id.is_cancellation)
        row = lead.interaction_ids.filtered(lambda r: r.type_code == "offer_refused")
        self.assertEqual(row.search_id, self.search)
        self.assertEqual(row.summary, "Too small")
        self.assertEqual(row.user_id, self.agent)

    def test_a_refusal_stays_also_when_it_no_longer_fits_and_fits_again(self):
        """M117: refused with a reason stays refused."""
        self._refuse(self.pair, "small")
        self.prop.price = 9_000_000
        self._settle()
        self.assertTrue(self.pair.exists())
        self.assertFalse(self.pair.is_fitting)
        self.prop.price = 4_000_000
        self._settle()
        self.assertTrue(self.pair.is_fitting)
        self.assertEqual(self.pair.state, "refused")
        self.assertFalse(self._is_sendable())

    def test_who_refused_the_price_gets_it_again_when_it_falls(self):
        self._refuse(self.pair, "price")
        self.assertFalse(self._is_sendable())
        self.prop.price = 5_100_000
        self.assertFalse(self._is_sendable())
        self.prop.price = 4_900_000
        self.assertTrue(self._is_sendable())

    def test_who_searches_no_longer_is_offered_nothing_more(self):
        self._refuse(self.pair, "found")
        self._settle()
        self.assertFalse(self.search.active)
        self.assertFalse(self._get_pairs(self.search, self._create_offer()))

    def test_who_is_left_out_is_so_until_he_is_taken_in_again(self):
        pair = self.pair.with_user(self.agent)
        pair.action_exclude()
        self.prop.price = 4_000_000
        self._settle()
        self.assertEqual(self.pair.state, "excluded")
        self.assertFalse(self._is_sendable())
        pair.action_include()
        self.assertTrue(self._is_sendable())

    def test_ending_the_enquiry_by_hand_is_remembered_too(self):
        self.pair.with_user(self.agent).action_interested()
        lead = self.pair.lead_id
        self.assertEqual(lead.phase_number, 2)
        lead.action_set_lost()
        self.assertEqual(self.pair.state, "refused")

    def test_interest_on_the_phone_is_an_enquiry_from_now_on(self):
        self.pair.with_user(self.agent).action_call()
        lead = self.pair.lead_id
        self.assertEqual((lead.phase_number, lead.received_at), (1, False))
        self.assertEqual(lead.user_id, self.agent)
        with freeze_time("2026-03-04 10:00:00"):
            self.pair.with_user(self.agent).action_interested()
        self.assertEqual(lead.phase_number, 2)
        self.assertEqual(lead.received_at, Datetime.to_datetime("2026-03-04 10:00:00"))
        self.assertIn("offer_answered", self._codes(lead))

    def test_a_merged_contact_takes_his_searches_and_memory_along(self):
        self._refuse(self.pair, "small")
        twin = self._create_contact("Samuel Seeker")
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((twin | self.seeker).ids, twin)
        self.assertEqual(self.search.partner_id, twin)
        self.assertEqual(self.pair.partner_id, twin)
        self.assertEqual(self.pair.state, "refused")

    def test_an_erased_person_searches_no_longer_and_his_words_are_gone(self):
        self.search.write({"note": "Sam is getting married", "name": "For Sam"})
        wizard = self.env["estate.erase.contact"].with_user(self.director)
        wizard.create({"partner_id": self.seeker.id, "reason": "Asked"}).action_erase()
        self.assertFalse(self.search.active or self.search.note or self.search.name)
        self._settle()
        self.assertFalse(self._fits(self.search, self.prop))


@freeze_time(NOW)
class TestSearchOfAnEnquiry(MatchingCase):
    def test_an_enquiry_becomes_a_search_with_one_click(self):
        prop = self._create_offer()
        lead = self._create_seeker_lead(prop, self.seeker)
        action = lead.with_user(self.agent).action_open_search()
        search = self.env["estate.search"].browse(action["res_id"])
        self.assertEqual(lead.search_id, search)
        self.assertEqual(search.type_ids, self.apartment)
        self.assertEqual(search.territory_ids, self.district)
        self.assertEqual(search.price_max, 5_000_000)
        self._settle()
        self.assertTrue(self._fits(search, prop))
        self._log(lead, "letter")
        rows = lead.interaction_ids.filtered(lambda row: row.type_code == "letter")
        self.assertEqual(rows.search_id, search)

    def test_a_general_demand_has_a_search_and_no_property_and_is_open_once(self):
        search = self._create_search()
        values = {
            "name": "Wants a flat",
            "lead_role": "seeker",
            "partner_id": self.seeker.id,
            "deal_type": "sale",
            "search_id": search.id,
        }
        self.env["crm.lead"].create(values)
        with self.assertRaises(ValidationError):
            self.env["crm.lead"].create(values)

    def test_who_must_sell_first_is_listed_with_a_task_for_the_agent(self):
        """M128: possible vendors."""
        lead = self._create_seeker_lead(self._create_offer(), self.seeker)
        action = self.env.ref("crm_real_estate.res_partner_action_vendors")
        contacts = self.env["res.partner"].with_user(self.agent)

        def listed():
            return self.seeker in contacts.search([("is_possible_vendor", "=", True)])

        self.assertIn("is_possible_vendor", action.domain)
        self.assertFalse(listed())
        with Form(lead.with_user(self.agent), self._get_form()) as form:
            form.must_sell_first = True
        self.assertTrue(listed())
        kind = self.env.ref("crm_real_estate.mail_activity_type_vendor")
        task = lead.activity_ids.filtered(lambda t: t.activity_type_id == kind)
        self.assertEqual(task.user_id, self.agent)
        lead.must_sell_first = False
        lead.must_sell_first = True
        tasks = lead.activity_ids.filtered(lambda t: t.activity_type_id == kind)
        self.assertEqual(len(tasks), 1)

    def test_a_vendor_of_the_pool_gets_his_task_with_his_agent_and_once(self):
        """M128: nobody had the lead when it was said; a task done is not set again."""
        kind = self.env.ref("crm_real_estate.mail_activity_type_vendor")
        lead = self._create_seeker_lead(self._create_offer())
        lead.write({"partner_id": False, "contact_name": "Pool Person"})
        lead.user_id = False
        lead.must_sell_first = True

        def find_tasks():
            tasks = self.env["mail.activity"].with_context(active_test=False)
            return tasks.search(
                [("res_id", "=", lead.id), ("activity_type_id", "=", kind.id)]
            )

        self.assertFalse(find_tasks())
        lead.user_id = self.agent
        task = find_tasks()
        self.assertEqual(task.user_id, self.agent)
        self.assertIn("Pool Person must sell first", task.summary)
        task.action_done()
        lead.user_id = self.second_agent
        self.assertEqual(find_tasks(), task)

    def test_archived_ones_are_counted_where_the_button_opens_them(self):
        """M128: the figure on a button is what it opens."""
        search = self._create_search()
        contact = search.partner_id
        lead = self._create_seeker_lead(partner=contact, search_id=search.id)
        lead.must_sell_first = True
        contact.active = False
        self.assertTrue(contact.with_user(self.agent).is_possible_vendor)
        search.action_stop()
        lead.active = False
        self.env.invalidate_all()
        found = self.env["estate.search"].with_context(active_test=False)
        opened = found.search(contact.action_open_searches()["domain"])
        self.assertEqual(contact.estate_search_count, len(opened))
        self.assertEqual(search.lead_count, 1)
        action = contact.action_open_estate_leads()
        enquiries = self.env["crm.lead"].with_context(active_test=False)
        self.assertEqual(enquiries.search(action["domain"]), lead)
        self.assertEqual(contact.estate_lead_count, 1)
        self.assertFalse(contact.with_user(self.agent).is_possible_vendor)

    def _get_form(self):
        return "crm_real_estate.crm_lead_view_form_estate"

    def test_a_seeker_who_owns_is_a_possible_vendor_until_his_property_is_sold(self):
        self._create_search()
        contacts = self.env["res.partner"].with_user(self.agent)
        domain = [("is_possible_vendor", "=", True), ("id", "=", self.seeker.id)]
        self.assertFalse(contacts.search(domain))
        owned = self._create_property(owner_ids=self.seeker)
        self.assertTrue(contacts.search(domain))
        self.assertTrue(self.seeker.with_user(self.agent).is_possible_vendor)
        owned.state = "closed"
        self.assertFalse(contacts.search(domain))
