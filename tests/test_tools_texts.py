"""Numbers and texts are read in every spelling, and never guessed."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.amounts import read_number
from ..tools.texts import plain_text

PROFILE = settings(derandomize=True, deadline=None, database=None)


@tagged("post_install", "-at_install", "crm_real_estate")
class TestNumbersAndTexts(BaseCase):
    def test_numbers_are_read_in_every_spelling(self):
        for text, number in (
            ("299000.50", "299000.50"),
            ("1.250,00", "1250.00"),
            ("1,250.00", "1250.00"),
            ("1.234.567", "1234567"),
            ("1,234,567.8", "1234567.8"),
            ("665 000", "665000"),
            ("665\u202f000 Kč", "665000"),
            ("2’409’000.–", "2409000.00"),
            ("EUR 1.200,--", "1200.00"),
            ("0.125", "0.125"),
            ("123456.789", "123456.789"),
            ("85 qm", "85"),
            ("-5", "-5"),
            ("9" * 15, "9" * 15),
        ):
            with self.subTest(text):
                self.assertEqual(read_number(text), (Decimal(number), ""))

    def test_numbers_that_may_mean_two_things_are_not_guessed(self):
        for text in ("1.250", "1,250", "159,950", "1.250 EUR"):
            with self.subTest(text):
                self.assertEqual(read_number(text), (None, "ambiguous"))

    def test_nothing_is_neither_a_number_nor_a_problem(self):
        for text in ("", " \n"):
            with self.subTest(text):
                self.assertEqual(read_number(text), (None, ""))

    def test_what_is_no_number_is_unreadable(self):
        for text in (
            "auf Anfrage",
            "ab 5",
            "5-6",
            "1e5",
            "12 34",
            "1.2.3",
            "€",
            "1" * 16,
            "٣",
        ):
            with self.subTest(text):
                self.assertEqual(read_number(text), (None, "unreadable"))

    @settings(PROFILE, max_examples=200)
    @given(st.text(max_size=70))
    def test_any_text_is_a_number_or_a_code(self, text):
        number, code = read_number(text)
        self.assertTrue(number is None or not code)

    def test_markup_becomes_plain_text(self):
        for source, text in (
            ("a < b & c > d", "a < b & c > d"),
            ("one\ntwo", "one\ntwo"),
            ("one<br>two\nthree", "one\ntwo three"),
            ("<ul>\n<li>one</li>\n<li>two</li></ul><p>end</p>", "- one\n- two\n\nend"),
            ("<td>Name:</td><td>Jan</td>", "Name:\tJan"),
            ("<script>x()</script>a<!-- <b> -->b", "ab"),
            ("<b>a</b><!-- b", "a b"),
            ("<script>a<i>b</i>", "ab"),
            ("AT&amp;T &euro;5 ?a=1&region=2", "AT&T €5 ?a=1&region=2"),
            ("Jan <jan@example.com>", "Jan <jan@example.com>"),
            ("a\x00b\ud800c\u200b", "abc"),
        ):
            # A lone surrogate could not be reported.
            with self.subTest(ascii(source)):
                self.assertEqual(plain_text(source), text)

    @settings(PROFILE, max_examples=100)
    @given(st.text("<>/!-ab\"'&; \npbr", max_size=80))
    def test_any_markup_becomes_text_that_a_database_takes(self, source):
        self.assertEqual(plain_text(source).encode().count(b"\0"), 0)
