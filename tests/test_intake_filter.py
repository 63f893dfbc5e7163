"""Listings that the agency does not want stay outside, each with its reason."""

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from .openimmo_files import build_file
from .test_intake_listings import IntakeListingCase

FLAT = {
    "flags": {"KAUF": True, "MIETE_PACHT": False},
    "types": ("wohnung",),
    "price": "3000000.00",
    "net_rent": "",
    "currency": "CZK",
    "zip": "110 00",
    "city": "Praha 1",
    "country": "CZE",
}


class IntakeFilterCase(IntakeListingCase):
    """A source of owners' listings that takes flats for sale in Prague, 2 to 5 M."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.currency_id = cls.env.ref("base.CZK")
        cls.apartment = cls.env.ref("crm_real_estate.estate_property_type_apartment")
        cls.prague = cls.env["estate.territory"].create(
            {"name": "Prague", "postal_codes": "110*"}
        )
        cls.criterion = cls._create_criterion()

    @classmethod
    def _create_criterion(cls, **values):
        return cls.env["estate.intake.criterion"].create(
            {
                "name": "Flats in Prague",
                "source_id": cls.source.id,
                "deal_type": "sale",
                "type_ids": [Command.set(cls.apartment.ids)],
                "price_min": 2_000_000,
                "price_max": 5_000_000,
                "territory_ids": [Command.set(cls.prague.ids)],
                **values,
            }
        )

    def _file(self, *changes, **options):
        """Return a file with one flat for each dict of what is other about it."""
        overrides = {
            number: {**FLAT, "street": f"Street {number}", **change}
            for number, change in enumerate(changes)
        }
        return build_file(objects=len(changes), overrides=overrides, **options)

    def _refused(self, message):
        return message.item_ids.filtered(lambda item: item.outcome == "refused")

    def _reason(self, change):
        """Return why one changed flat is refused."""
        message = self._upload(self._file(change), name=f"{change}.xml")
        self.assertFalse(self._properties(), "it entered")
        return self._refused(message).note


class TestFilter(IntakeFilterCase):
    def test_of_ten_listings_the_four_that_fit_enter_and_six_keep_a_reason(self):
        """M19: 10 raw listings, 4 inside the filter: 4 created, 6 refused with why."""
        content = self._file(
            *({"price": f"{price}.00"} for price in (2_000_000, 3_000_000, 4_999_999)),
            {"zip": "110 99"},
            {"price": "1999999.00"},
            {"price": "5000000.00"},
            {"types": ("haus",)},
            {"flags": {"MIETE_PACHT": True}, "price": "", "net_rent": "900.00"},
            {"zip": "602 00", "city": "Brno"},
            {"zip": "602 00", "city": "Brno", "price": "9000000.00"},
        )
        message = self._upload(content)
        self.assertEqual(len(self._properties()), 4)
        self.assertEqual(len(self._properties().lead_ids), 4)
        refused = self._refused(message)
        self.assertEqual((message.state, message.refused_count), ("done", 6))
        self.assertEqual(len(refused), 6)
        self.assertTrue(all(refused.mapped("note")))
        self.assertEqual(message.item_count, len(message.item_ids))

    def test_the_reason_names_the_criterion_and_what_is_against_it(self):
        reason = self._reason({"price": "5000000.00"})
        self.assertRegex(reason, r"Flats in Prague: 5,000,000.*is not below 5,000,000")

    def test_every_point_against_a_listing_is_told(self):
        reason = self._reason({"types": ("haus",), "zip": "602 00", "city": "Brno"})
        self.assertRegex(reason, "the type is .*, 602 00 Brno lies outside")

    def test_the_refused_listing_can_be_recognised(self):
        message = self._upload(self._file({"price": "9000000.00"}))
        summary = self._refused(message).summary
        for part in (self.apartment.name, "Sale", "9,000,000", "Street 0", "Praha 1"):
            self.assertIn(part, summary)

    def test_without_criteria_everything_enters(self):
        self.criterion.active = False
        self._upload(self._file({"price": "9000000.00"}, {"types": ("haus",)}))
        self.assertEqual(len(self._properties()), 2)

    def test_a_listing_enters_when_it_fits_one_of_several_criteria(self):
        self._create_criterion(
            name="Brno",
            type_ids=False,
            territory_ids=False,
            city_names="Brno",
            price_max=0,
        )
        self._upload(
            self._file({"zip": "602 00", "city": "Brno", "price": "9000000.00"})
        )
        self.assertEqual(len(self._properties()), 1)

    def test_a_sub_type_fits_the_criterion_of_its_parent(self):
        parent = self.env["estate.property.type"].create(
            {"name": "Homes", "code": "homes"}
        )
        self.apartment.parent_id = parent
        self.criterion.type_ids = parent
        self._upload(self._file({}))
        self.assertEqual(len(self._properties()), 1)

    def test_a_price_in_another_currency_is_compared_at_its_rate(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        self.env["res.currency.rate"].create(
            {
                "currency_id": euro.id,
                "rate": 0.04,
                "company_id": self.company.id,
                "name": "2020-01-01",
            }
        )
        self._upload(
            self._file(
                {"currency": "EUR", "price": "100000.00"},
                {"currency": "EUR", "price": "250000.00"},
            )
        )
        self.assertEqual(self._properties().mapped("price"), [100_000])

    def test_what_the_sender_does_not_say_is_decided_by_a_person(self):
        message = self._upload(self._file({"zip": "", "city": ""}))
        prop = self._properties()
        self.assertEqual((prop.state, message.state), ("draft", "to_check"))
        self.assertIn("the criteria of the source ask for it", prop.intake_problems)

    def test_a_property_that_is_already_here_follows_its_source(self):
        self._upload(self._file({}))
        self._upload(self._file({"price": "9000000.00"}))
        self.assertEqual(self._properties().price, 9_000_000)

    def test_a_refused_listing_enters_once_its_price_fits(self):
        first = self._upload(self._file({"price": "9000000.00"}))
        second = self._upload(self._file({"price": "4000000.00"}))
        self.assertEqual(len(self._properties()), 1)
        self.assertEqual(self._outcomes(second), ["created"])
        self.assertFalse(self._refused(first).is_open)

    def test_of_a_listing_refused_again_only_the_last_word_is_open(self):
        first = self._upload(self._file({"price": "9000000.00"}))
        second = self._upload(self._file({"price": "8000000.00"}))
        self.assertFalse(self._refused(first).is_open)
        self.assertTrue(self._refused(second).is_open)
        self.assertEqual(self.source.refused_count, 1)

    def test_a_refused_listing_that_its_source_deletes_waits_no_more(self):
        first = self._upload(self._file({"price": "9000000.00"}))
        self._upload(
            self._file({"price": "9000000.00", "action": "DELETE"}, umfang="TEIL")
        )
        self.assertFalse(self._refused(first).is_open)

    def test_a_full_list_with_refused_listings_withdraws_nothing_that_it_holds(self):
        self._upload(self._file({}, {"price": "9000000.00"}, umfang="VOLL"))
        self._upload(
            self._file({}, {"price": "9000000.00"}, {"price": "1.00"}, umfang="VOLL")
        )
        self.assertEqual(self._properties().mapped("state"), ["acquisition"])

    def test_the_filter_of_the_inbox_shows_the_files_with_refused_listings(self):
        message = self._upload(self._file({"price": "9000000.00"}))
        clean = self._upload(self._file({}))
        arch = self.env["estate.intake.message"].get_view(view_type="search")["arch"]
        self.assertIn('name="refused_by_criteria"', arch)
        found = self.env["estate.intake.message"].search(
            [
                ("id", "in", (message | clean).ids),
                ("item_ids.outcome", "=", "refused"),
            ]
        )
        self.assertEqual(found, message)

    def test_criteria_that_let_nothing_in_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "no price is from"):
            self.criterion.price_min = 5_000_000
        with self.assertRaisesRegex(ValidationError, "cannot be read"):
            self.criterion.postal_codes = "somewhere"

    def test_old_refusals_go_when_a_newer_one_took_their_place(self):
        first = self._upload(self._file({"price": "9000000.00"}))
        second = self._upload(self._file({"price": "8000000.00"}))
        # Raw SQL: nobody else can make a row older than it is.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE estate_intake_item SET create_date = create_date - interval '91 d'"
        )
        self.env.invalidate_all()
        for _run in range(2):
            self.env["estate.intake.item"]._gc_refused_again()
            self.assertFalse(self._refused(first))
            self.assertTrue(self._refused(second))

    def test_the_filter_costs_a_hundred_listings_no_query_each(self):
        content = self._file(*({"price": "9000000.00"} for _number in range(100)))
        self._upload(self._file({"price": "9000000.00"}), name="warm.xml")
        message = self._upload(content, process=False)
        with self.assertQueryCount(60):
            message._process()
        self.assertEqual(message.refused_count, 100)


class TestLetIn(IntakeFilterCase):
    def _let_in(self, items):
        return items.with_user(self.manager).action_let_in()

    def test_a_refused_listing_is_let_in_by_hand(self):
        message = self._upload(self._file({}, {"price": "9000000.00"}))
        self._let_in(self._refused(message))
        self.assertEqual(len(self._properties()), 2)
        entered = self._properties()[-1]
        self.assertEqual(entered.lead_ids.lead_role, "owner")
        item = message.item_ids.filtered(lambda item: item.property_id == entered)
        self.assertEqual(item.outcome, "created")
        self.assertRegex(item.note, "Let in by Manager. Refused before: Flats")
        self.assertEqual(message.item_count, len(message.item_ids))

    def test_who_works_off_no_inbox_lets_nothing_in(self):
        message = self._upload(self._file({"price": "9000000.00"}))
        for user in (self.operator, self.agent):
            with self.subTest(user.login), self.assertRaises(Exception) as refused:
                self._refused(message).with_user(user).action_let_in()
            self.assertEqual(type(refused.exception).__name__, "AccessError")
        self.assertFalse(self._properties())

    def test_a_listing_is_let_in_only_once(self):
        first = self._upload(self._file({"price": "9000000.00"}))
        again = self._upload(self._file({"price": "9000001.00"}))
        with self.assertRaisesRegex(UserError, "does not wait any more"):
            self._let_in(self._refused(first))
        self._let_in(self._refused(again))
        self.assertEqual(len(self._properties()), 1)

    def test_what_was_let_in_stays_when_the_file_is_processed_again(self):
        message = self._upload(self._file({"price": "9000000.00"}))
        self._let_in(self._refused(message))
        message.with_user(self.manager).action_replay()
        self.assertEqual(len(self._properties()), 1)
        self.assertEqual(len(self._properties().lead_ids), 1)
        self.assertFalse(self._refused(message))

    def test_a_replay_with_other_criteria_lets_in_what_fits_now(self):
        message = self._upload(
            self._file({}, {"price": "9000000.00"}, {"types": ("haus",)})
        )
        self.criterion.price_max = 10_000_000
        for _run in range(2):
            message.with_user(self.manager).action_replay()
            self.assertEqual(len(self._properties()), 2)
            self.assertEqual(message.refused_count, 1)

    def test_without_its_raw_content_a_listing_must_be_sent_again(self):
        message = self._upload(self._file({"price": "9000000.00"}))
        message._erase_raw()
        with self.assertRaisesRegex(UserError, "send the listing again"):
            self._let_in(self._refused(message))


class TestDuplicates(IntakeFilterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.criterion.active = False
        cls.source.refuse_duplicates = True
        cls.twin = cls._create_property(
            street="Dlouhá 1", zip="11000", city="Praha", living_area=62.2
        )

    def _same(self, **change):
        return {
            "street": "Dlouhá",
            "house_number": "1",
            "living_area": "62.0",
            "email": "new@linde.example",
            **change,
        }

    def test_the_same_address_area_and_deal_is_already_here(self):
        message = self._upload(self._file(self._same()))
        item = self._refused(message)
        self.assertEqual(item.property_id, self.twin)
        self.assertRegex(item.note, "same address, area and deal")
        self.assertFalse(self._properties())

    def test_the_same_phone_price_and_deal_is_already_here(self):
        self.twin.write({"street": False, "price": 3_000_000})
        self.twin.owner_ids.phone = "+49 30 23125000"
        message = self._upload(self._file(self._same(phone="030 23125000")))
        self.assertRegex(self._refused(message).note, "same phone, price and deal")
        self.assertEqual(self._refused(message).property_id, self.twin)

    def test_another_flat_in_the_same_house_enters(self):
        self._upload(self._file(self._same(living_area="80.0")))
        self.assertEqual(len(self._properties()), 1)

    def test_what_was_sold_or_withdrawn_may_come_again(self):
        self.twin.state = "withdrawn"
        self._upload(self._file(self._same()))
        self.assertEqual(len(self._properties()), 1)

    def test_one_object_twice_in_a_file_enters_once(self):
        self.twin.state = "closed"
        message = self._upload(self._file(self._same(), self._same()))
        self.assertEqual(len(self._properties()), 1)
        self.assertRegex(self._refused(message).note, "The same file holds it already")

    def test_duplicates_enter_when_the_source_does_not_mind(self):
        self.source.refuse_duplicates = False
        self._upload(self._file(self._same()))
        self.assertEqual(len(self._properties()), 1)

    def test_a_duplicate_can_be_let_in_by_hand(self):
        message = self._upload(self._file(self._same()))
        self._refused(message).with_user(self.manager).action_let_in()
        self.assertEqual(len(self._properties()), 1)
