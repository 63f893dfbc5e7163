"""Whoever is looked for is found, however his name and number are written."""

import phonenumbers
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from odoo.tests import BaseCase, tagged

from ..tools import caller, names

PROFILE = settings(derandomize=True, deadline=None, database=None)
COUNTRIES = [
    "CZ",
    "SK",
    "DE",
    "AT",
    "CH",
    "FR",
    "BE",
    "NL",
    "LU",
    "GB",
    "IE",
    "ES",
    "PT",
    "IT",
    "PL",
    "HU",
    "RU",
    "UA",
    "SE",
    "US",
]
ALIKE = (
    ("Dvorak", "Dvořák", "DVOŘÁK", "Дворжак", "dvořak"),
    ("Prochazka", "Procházka", "Прохазка"),
    ("Čechov", "Чехов"),
    ("Müller", "Mueller", "Muller", "Мюллер"),
    ("Novák", "Novak", "Новак"),
    ("Kučera", "Kucera", "Кучера"),
    ("Łukasz", "Lukasz"),
    ("O'Brien", "O’Brien", "obrien"),
    ("Strauß", "Strauss"),
    ("Юлия", "Julia", "Yuliya"),
)


def spell(number):
    """Return a number in the seven spellings of a traffic jam of telephones."""
    national = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    abroad = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
    digits = "".join(char for char in national if char.isdigit())
    return (
        e164,
        abroad,
        "00" + e164[1:],
        "00 " + abroad[1:].replace("-", " "),
        national,
        digits,
        "/".join((digits[:4], digits[4:])),
    )


def finds(typed, key):
    return any(digits in key for digits in typed.digits)


@tagged("post_install", "-at_install", "crm_real_estate")
class TestCaller(BaseCase):
    def test_49_of_49_spelling_pairs_meet_in_20_countries(self):
        for country in COUNTRIES:
            for kind in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE):
                number = phonenumbers.example_number_for_type(country, kind)
                pairs = [
                    (stored, typed)
                    for stored in spell(number)
                    for typed in spell(number)
                ]
                missed = [
                    pair
                    for pair in pairs
                    if not finds(
                        caller.read(pair[1], country),
                        caller.contact_key([], [], [(pair[0], country)]),
                    )
                ]
                with self.subTest(country, kind=kind):
                    self.assertEqual(len(pairs), 49)
                    self.assertFalse(missed)

    def test_parts_and_the_last_four_digits_are_enough(self):
        key = caller.contact_key([], [], [("+420 777 123 456", "CZ")])
        for part in ("3456", "777 123", "777-12", "00420777", "+420 777", "23456"):
            with self.subTest(part):
                self.assertTrue(finds(caller.read(part, "CZ"), key))
        self.assertFalse(finds(caller.read("6543", "CZ"), key))

    def test_names_are_found_in_every_script(self):
        for family in ALIKE:
            for stored in family:
                for typed in family:
                    with self.subTest(stored=stored, typed=typed):
                        (keys,) = names.spellings(stored)
                        (wanted,) = names.spellings(typed)
                        self.assertTrue(set(keys) & set(wanted))

    def test_other_names_stay_apart(self):
        for one, other in (
            ("Novák", "Nováková"),
            ("Dvořák", "Dvorský"),
            ("Hora", "Gora"),
        ):
            with self.subTest(one):
                (keys,), (others,) = names.spellings(one), names.spellings(other)
                self.assertFalse(set(keys) & set(others))

    def test_the_order_of_words_does_not_matter(self):
        self.assertEqual(names.name_key("Dvořák, Jan"), names.name_key("jan DVORAK"))

    def test_a_line_is_taken_apart(self):
        """M82: everything typed stands in its own part."""
        for line in (
            "jan dvořák 777 123 456 Jan@Example.com",
            "Jan@example.com, Jan Dvořák; tel. +420 777 123 456",
            "Jan Dvořák <jan@example.com> 00420777123456",
        ):
            with self.subTest(line):
                typed = caller.read(line, "CZ")
                self.assertEqual(typed.name, "Jan Dvořák")
                self.assertEqual(typed.phone, "+420777123456")
                self.assertEqual(typed.mail, "jan@example.com")

    def test_a_mail_at_a_host_called_mail_is_whole(self):
        typed = caller.read("E-mail: olga.petrova@mail.ru mob. 777 123 456", "CZ")
        self.assertEqual(typed.mail, "olga.petrova@mail.ru")
        self.assertEqual((typed.name, typed.phone), ("", "+420777123456"))

    def test_too_little_is_not_looked_for(self):
        for line in ("", " ", "n", "7", "@", "- , ;"):
            with self.subTest(line):
                self.assertFalse(caller.read(line, "CZ").is_searchable)
        for line in ("no", "777", "n@x", "北京"):
            with self.subTest(line):
                self.assertTrue(caller.read(line, "CZ").is_searchable)

    @PROFILE
    @given(st.text(max_size=300), st.sampled_from([*COUNTRIES, ""]))
    def test_any_text_is_read(self, text, country):
        typed = caller.read(text, country)
        self.assertLessEqual(len(typed.words), 6)
        for keys in typed.words:
            for key in keys:
                self.assertRegex(key, "^[a-z0-9]+$")

    @PROFILE
    @given(st.lists(st.text(max_size=20), max_size=3))
    def test_a_contact_is_found_by_each_of_its_words(self, texts):
        key = caller.contact_key(texts, [], [])
        for text in texts:
            for keys in names.spellings(text):
                self.assertIn(f" {keys[0]} ", key)
