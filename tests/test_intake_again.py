"""What a source says again, says differently or no longer says is followed."""

from freezegun import freeze_time

from .openimmo_files import build_file, build_zip
from .test_intake_listings import IntakeListingCase

BOTH = {"flags": {"KAUF": True, "MIETE_PACHT": True}, "net_rent": "900.00"}
SALE = {"flags": {"KAUF": True, "MIETE_PACHT": False}}
RENT = {"flags": {"KAUF": False, "MIETE_PACHT": True}, "net_rent": "900.00"}


class ComesAgainCase(IntakeListingCase):
    def _states(self):
        """Return (number, deal) -> state of the properties of the source."""
        return {
            (int(prop.external_reference[-6:]), prop.deal_type): prop.state
            for prop in self._properties()
        }

    def _store(self, moment, **options):
        with freeze_time(moment):
            return self._upload(build_file(**options), name=moment, process=False)

    def _process(self, message):
        message.with_user(self.manager).action_process()


class TestSeveralFilesOfOneSender(ComesAgainCase):
    def test_two_complete_lists_in_one_zip_withdraw_nothing_of_each_other(self):
        files = {
            "sales.xml": build_file(order=[0, 1]),
            "lets.xml": build_file(order=[2, 3]),
        }
        for name in ("first.zip", "second.zip"):
            self._upload(build_zip({**files, name: b""}), name=name)
            self.assertNotIn("withdrawn", self._properties().mapped("state"))
        self.assertEqual(len(self._properties()), 4)

    def test_what_neither_of_both_lists_holds_is_withdrawn(self):
        self._upload(build_file(objects=5))
        files = {"a.xml": build_file(order=[0, 1]), "b.xml": build_file(order=[2, 3])}
        self._upload(build_zip(files), name="list.zip")
        gone = [number for (number, _), s in self._states().items() if s == "withdrawn"]
        self.assertEqual(gone, [4])

    def test_a_complete_list_beside_a_partial_one_withdraws_what_none_holds(self):
        self._upload(build_file(objects=5))
        files = {
            "a.xml": build_file(order=[0, 1]),
            "b.xml": build_file(order=[2], umfang="TEIL"),
        }
        self._upload(build_zip(files), name="list.zip")
        gone = {number for (number, _), s in self._states().items() if s == "withdrawn"}
        self.assertEqual(gone, {3, 4})


class TestAnOlderFileComesLate(ComesAgainCase):
    def test_a_replay_puts_no_old_price_back(self):
        old = self._store("2026-03-02 08:00:00", objects=2)
        self._process(old)
        new = self._store(
            "2026-03-03 08:00:00", objects=2, overrides={0: {"price": "250000.00"}}
        )
        self._process(new)
        old.with_user(self.manager).action_replay()
        self.assertEqual(self._properties()[0].price, 250000)
        self.assertEqual(old.state, "done")
        self.assertEqual(set(self._outcomes(old)), {"outdated"})
        self.assertIn("later file", old.item_ids[0].note)

    def test_a_replay_withdraws_nothing_newer(self):
        old = self._store("2026-03-02 08:00:00", objects=2)
        self._process(old)
        self._process(self._store("2026-03-03 08:00:00", objects=4))
        old.with_user(self.manager).action_replay()
        self.assertEqual(set(self._states().values()), {"acquisition"})

    def test_what_a_later_complete_list_no_longer_held_does_not_come_to_life(self):
        old = self._store("2026-03-02 08:00:00", objects=3)
        self._process(self._store("2026-03-03 08:00:00", objects=2))
        self._process(old)
        self.assertEqual(len(self._properties()), 2)

    def test_what_nobody_told_since_is_created(self):
        old = self._store("2026-03-02 08:00:00", objects=3)
        later = self._store("2026-03-03 08:00:00", order=[0], umfang="TEIL")
        self._process(later)
        self._process(old)
        self.assertEqual(len(self._properties()), 3)
        self.assertEqual(
            sorted(self._outcomes(old)), ["created", "created", "outdated"]
        )

    def test_a_later_deletion_holds(self):
        old = self._store("2026-03-02 08:00:00", objects=1)
        later = self._store(
            "2026-03-03 08:00:00",
            objects=1,
            umfang="TEIL",
            overrides={0: {"action": "DELETE"}},
        )
        self._process(later)
        self._process(old)
        self.assertFalse(self._properties())

    def test_another_senders_later_list_does_not_hold_it_up(self):
        old = self._store("2026-03-02 08:00:00", objects=2)
        self._process(self._store("2026-03-03 08:00:00", order=[5], provider="other"))
        self._process(old)
        self.assertEqual(len(self._properties()), 3)

    def test_the_same_file_sent_anew_is_the_latest_word(self):
        self._upload(build_file(objects=1))
        self._upload(build_file(objects=1, overrides={0: {"price": "250000.00"}}))
        self._upload(build_file(objects=1), name="back to the old price.xml")
        self.assertEqual(self._properties().price, 199000.50)


class TestADealIsGone(ComesAgainCase):
    def test_in_a_complete_list(self):
        self._upload(build_file(objects=1, overrides={0: BOTH}))
        self._upload(build_file(objects=1, overrides={0: SALE}))
        self.assertEqual(
            self._states(), {(0, "sale"): "acquisition", (0, "rent"): "withdrawn"}
        )

    def test_in_a_partial_list(self):
        self._upload(build_file(objects=2, umfang="TEIL", overrides={0: BOTH}))
        self._upload(build_file(objects=1, umfang="TEIL", overrides={0: SALE}))
        self.assertEqual(
            self._states(),
            {
                (0, "sale"): "acquisition",
                (0, "rent"): "withdrawn",
                (1, "sale"): "acquisition",
            },
        )

    def test_a_sale_that_became_a_rental(self):
        self._upload(build_file(objects=1, overrides={0: SALE}))
        self._upload(build_file(objects=1, overrides={0: RENT}))
        self.assertEqual(
            self._states(), {(0, "sale"): "withdrawn", (0, "rent"): "acquisition"}
        )

    def test_both_deals_on_both_sides_of_a_batch_stay(self):
        both = dict.fromkeys(range(120), BOTH)
        self._upload(build_file(objects=120, overrides=both))
        self._upload(build_file(objects=120, overrides=both), name="again.xml")
        self.assertEqual(len(self._states()), 240)
        self.assertNotIn("withdrawn", self._states().values())

    def test_a_file_that_does_not_say_the_deal_withdraws_none(self):
        self._upload(build_file(objects=1, overrides={0: BOTH}))
        self._upload(build_file(objects=1, overrides={0: {"flags": {}}}))
        states = self._states()
        self.assertEqual(
            (states[0, "sale"], states[0, "rent"]), ("acquisition", "acquisition")
        )

    def test_a_deal_corrected_by_hand_stays(self):
        self._upload(build_file(objects=1, overrides={0: SALE}))
        self._properties().with_user(self.manager).deal_type = "rent"
        self._upload(build_file(objects=1, overrides={0: SALE}), name="again.xml")
        self.assertEqual(self._states(), {(0, "rent"): "acquisition"})


class TestAnotherContact(ComesAgainCase):
    def _bring(self, source=None, **values):
        """Upload the object with some values of its contact; return its property."""
        person = {"company": "", "company_phone": "", "mobile": ""}
        overrides = {0: {**person, **values}}
        name = f"{sorted(values.items())}.xml"
        message = self._upload(
            build_file(objects=1, overrides=overrides), name, source=source
        )
        return self._properties(source), message

    def test_a_new_owner_is_the_owner_and_is_rung(self):
        prop, _message = self._bring()
        old = prop.owner_ids
        self._bring(
            first_name="Nora",
            last_name="New",
            email="nora@example.com",
            phone="+49 30 23125111",
        )
        self.assertEqual(prop.owner_ids.name, "Nora New")
        self.assertNotEqual(prop.owner_ids, old)
        self.assertEqual(prop.lead_ids.partner_id, prop.owner_ids)
        self.assertEqual(prop.lead_ids.phone, "+493023125111")
        self.assertIn("another contact", str(prop.interaction_ids.mapped("summary")))

    def test_a_co_owner_added_by_hand_stays(self):
        prop, _message = self._bring()
        wife = self._create_contact("Wife")
        prop.owner_ids |= wife
        self._bring(first_name="Nora", email="nora@example.com", phone="+493023125111")
        self.assertEqual(len(prop.owner_ids), 2)
        self.assertIn(wife, prop.owner_ids)

    def test_another_phone_of_the_same_owner_is_looked_at_by_a_person(self):
        prop, _message = self._bring()
        before = prop.owner_ids.phone_sanitized
        _prop, message = self._bring(phone="+49 30 23125222")
        self.assertEqual(prop.owner_ids.phone_sanitized, before)
        self.assertIn("+49 30 23125222", prop.intake_problems)
        self.assertEqual(message.state, "to_check")
        self.assertEqual(message.item_ids.outcome, "to_check")
        prop.with_user(self.manager).action_checked()
        self.assertFalse(prop.intake_problems)
        self.assertEqual(prop.state, "acquisition")
        self._process(message)
        self.assertEqual(message.state, "done")

    def test_a_phone_that_was_missing_is_filled(self):
        prop, _message = self._bring(phone="")
        prop.with_user(self.manager).action_checked()
        self._bring(phone="+49 30 23125222")
        self.assertEqual(prop.owner_ids.phone_sanitized, "+493023125222")

    def test_the_same_phone_written_differently_changes_nothing(self):
        prop, _message = self._bring()
        _prop, message = self._bring(phone="0049 30 23125-000")
        self.assertFalse(prop.intake_problems)
        self.assertEqual(message.state, "done")

    def test_another_broker_is_the_broker(self):
        source = self._create_source(name="Brokers", contact_role="broker")
        prop, _message = self._bring(source)
        self._bring(
            source, last_name="New", email="nora@example.com", phone="+493023125111"
        )
        self.assertEqual(prop.broker_id.email, "nora@example.com")
        self.assertFalse(prop.lead_ids)

    def test_a_contact_that_is_gone_is_looked_at_by_a_person(self):
        prop, _message = self._bring()
        owner = prop.owner_ids
        nobody = dict.fromkeys(("first_name", "last_name", "email", "phone"), "")
        _prop, message = self._bring(**nobody)
        self.assertEqual((prop.owner_ids, message.state), (owner, "to_check"))


class TestAWithdrawnListingIsNotRung(ComesAgainCase):
    def _withdraw(self):
        self._upload(build_file(objects=2))
        self._upload(build_file(objects=1), name="shorter.xml")
        return self._properties()[1]

    def test_the_calls_end_with_a_reason(self):
        prop = self._withdraw()
        lead = prop.lead_ids
        self.assertEqual((prop.state, lead.won_status), ("withdrawn", "lost"))
        self.assertEqual(
            lead.lost_reason_id,
            self.env.ref("crm_real_estate.crm_lost_reason_withdrawn"),
        )
        self.assertFalse(lead.activity_ids)
        queue = self.env["crm.lead"].search(lead._get_call_queue_domain())
        self.assertNotIn(lead, queue)
        self.assertIn(
            "Missing from the sender", str(lead.interaction_ids.mapped("summary"))
        )

    def test_a_returned_listing_is_rung_again_by_the_same_lead(self):
        prop = self._withdraw()
        lead, operator = prop.lead_ids, prop.lead_ids.user_id
        self._upload(build_file(objects=2), name="again.xml")
        self.assertEqual((prop.state, prop.lead_ids), ("acquisition", lead))
        self.assertEqual((lead.won_status, lead.phase_number), ("pending", 1))
        self.assertEqual(lead.activity_ids.user_id, operator)
        self.assertTrue(lead.next_call_at)
        self.assertIn(lead, self.env["crm.lead"].search(lead._get_call_queue_domain()))

    def test_a_returned_listing_of_the_pool_is_distributed(self):
        prop = self._withdraw()
        prop.lead_ids.user_id = False
        self._upload(build_file(objects=2), name="again.xml")
        self.assertTrue(prop.lead_ids.user_id)
        self.assertEqual(len(prop.lead_ids.activity_ids), 1)

    def test_an_owner_who_refused_is_left_alone(self):
        self._upload(build_file(objects=2))
        prop = self._properties()[1]
        lead = prop.lead_ids
        lead.with_user(lead.user_id).action_call_outcome("do_not_call")
        self._upload(build_file(objects=1), name="shorter.xml")
        self._upload(build_file(objects=2), name="again.xml")
        self.assertEqual(prop.lead_ids, lead)
        self.assertEqual(lead.won_status, "lost")

    def test_beginning_again_after_a_refusal_makes_no_second_lead(self):
        lead = self._create_owner_lead()
        lead.with_user(lead.user_id).action_call_outcome("do_not_call")
        self.assertFalse(lead.property_id._create_owner_leads())

    def test_an_appointment_stands_and_the_agent_is_told(self):
        self._upload(build_file(objects=2))
        prop = self._properties()[1]
        lead = prop.lead_ids
        lead._move_to_phase(lead._get_phase(5), "person")
        self._upload(build_file(objects=1), name="shorter.xml")
        self.assertEqual((lead.won_status, lead.phase_number), ("pending", 5))
        self.assertIn(
            "Missing from the sender", str(lead.interaction_ids.mapped("summary"))
        )

    def test_what_a_person_withdrew_does_not_come_back_by_itself(self):
        self._upload(build_file(objects=1))
        prop = self._properties()
        prop.with_user(self.manager).state = "withdrawn"
        self._upload(
            build_file(objects=1, overrides={0: {"price": "250000.00"}}), name="b.xml"
        )
        self.assertEqual((prop.state, prop.price), ("withdrawn", 250000))

    def test_what_we_offer_ourselves_outlives_the_owners_advert(self):
        self._upload(build_file(objects=2))
        prop = self._properties()[1]
        prop.state = "on_market"
        message = self._upload(build_file(objects=1), name="shorter.xml")
        self.assertEqual(prop.state, "on_market")
        self.assertIn("we offer it ourselves", message.item_ids.note)
