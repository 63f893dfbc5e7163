"""Phones are compared in one form, and never made up."""

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import phones
from .openimmo_files import BERLIN_PHONE, GERMAN_MOBILE

PROFILE = settings(derandomize=True, deadline=None, database=None)
# Numbers that regulators keep free for books and films, or examples of libphonenumber.
SPELLINGS = (
    ("DE", "+493023125000", ("030 23125000", "030/23125-000", "(030) 23125000")),
    (
        "DE",
        "+493023125000",
        ("+49 30 23125 000", "0049 30 23125000", "+49 (0)30 23125000"),
    ),
    ("DE", "+493023125000", ("(+49) 30 23125000", "Tel.: 030 23125000 (Büro)")),
    ("DE", "+491713920012", ("0171 3920012", "0171/39200-12", "+49 (0) 171 39200 12")),
    ("CZ", "+420601123456", ("601 123 456", "601123456", "+420 601-123-456")),
    ("CZ", "+420601123456", ("00420 601 123 456", "+420 (0)601 123 456")),
    (
        "FR",
        "+33199001234",
        ("01 99 00 12 34", "01.99.00.12.34", "+33 (0)1 99 00 12 34"),
    ),
    ("GB", "+442079460958", ("020 7946 0958", "+44 (0)20 7946 0958")),
    ("RU", "+74951234567", ("8 (495) 123-45-67", "+7 495 123 45 67", "84951234567")),
    ("US", "+12015550123", ("(201) 555-0123", "201.555.0123", "1-201-555-0123")),
    ("", "+493023125000", ("0049 30 23125000", "(0049) 30 23125000")),
    ("US", "+493023125000", ("0049 30 23125000", "011 49 30 23125000")),
    ("IT", "+390669821234", ("06 6982 1234", "+39 06 69821234")),
)


@tagged("post_install", "-at_install", "crm_real_estate")
class TestPhones(BaseCase):
    def test_every_spelling_gives_one_number(self):
        for country, number, spellings in SPELLINGS:
            for spelling in spellings:
                with self.subTest(spelling):
                    self.assertEqual(phones.to_e164(spelling, country), number)

    def test_extensions_and_words_add_no_digits(self):
        for raw in (
            "030 23125000 ext. 12",
            "030 23125000 x12",
            "030 23125000 DW 12",
            "030 23125000 mobil",
            "030 23125000, 0171 3920012",
        ):
            with self.subTest(raw):
                self.assertEqual(phones.to_e164(raw, "DE"), "+493023125000")

    def test_odd_signs_are_read(self):
        for raw in (
            "\uff0b49 30 23125000",
            "030\u00a023125\u2013000",
            "de 030 23125000",
        ):
            with self.subTest(raw):
                self.assertEqual(phones.to_e164(raw, "de"), "+493023125000")

    def test_what_is_no_valid_number_is_empty(self):
        for raw in (
            "",
            "1",
            "abc",
            "no phone",
            "+7812500400",
            "4.93E+11",
            "0",
            "9" * 200,
        ):
            with self.subTest(raw):
                self.assertEqual(phones.to_e164(raw, "DE"), "")

    def test_a_national_number_needs_a_known_country(self):
        for country in ("", "XX"):
            with self.subTest(country):
                self.assertEqual(phones.to_e164("0171 3920012", country), "")
                self.assertEqual(
                    phones.to_e164("+49 171 3920012", country), "+491713920012"
                )

    def test_mobile_is_a_mobile_or_a_number_that_cannot_be_told_apart(self):
        for raw, country, is_mobile in (
            ("0171 3920012", "DE", True),
            ("030 23125000", "DE", False),
            ("601 123 456", "CZ", True),
            ("212 345 678", "CZ", False),
            ("201 555 0123", "US", True),
            ("0171", "DE", False),
            ("", "DE", False),
        ):
            with self.subTest(raw):
                self.assertEqual(phones.is_mobile(raw, country), is_mobile)

    def test_search_tries_the_digits_without_prefixes(self):
        for raw, variants in (
            ("0049 30 23125-000", ("00493023125000", "493023125000")),
            ("030 23125", ("03023125", "3023125")),
            ("+420 601", ("420601",)),
            ("no digits", ()),
        ):
            with self.subTest(raw):
                self.assertEqual(phones.variants_for_search(raw), variants)

    def test_repeated_numbers_are_kept_once_in_their_order(self):
        raws = ("0171 3920012", "12", "+49 171 39200-12", "1 2", "030 23125000")
        self.assertEqual(
            phones.unique(raws, "DE"), ("0171 3920012", "12", "030 23125000")
        )

    def test_phones_of_the_test_files_are_valid(self):
        for template, count in ((BERLIN_PHONE, 1000), (GERMAN_MOBILE, 100)):
            for number in range(0, count, 9):
                self.assertTrue(phones.to_e164(template.format(number), "DE"))

    @settings(PROFILE, max_examples=300)
    @given(
        st.text(st.sampled_from("+0123456789 ()/-.xä\u0663"), max_size=30),
        st.sampled_from(("", "DE", "CZ", "XX")),
    )
    def test_any_text_gives_a_number_that_stays_itself_or_nothing(self, raw, country):
        number = phones.to_e164(raw, country)
        self.assertEqual(phones.to_e164(number, ""), number)
