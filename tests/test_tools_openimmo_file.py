"""A listing file is read to its end, or refused as a whole."""

import io
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import openimmo, openimmo_object, xml
from ..tools.neutral import IntakeError, Problem
from .openimmo_files import COMPANY, build_file

JUSTIMMO = """<?xml version="1.0" encoding="UTF-8"?>
<justimmo><query-result><count>2</count></query-result>
<immobilie><id>90</id><objektnummer>17</objektnummer>
<objektkategorie><vermarktungsart KAUF="1" MIETE_PACHT="0"/></objektkategorie>
<titel>Altbau</titel><objektbeschreibung>&lt;p&gt;Hell&lt;/p&gt;</objektbeschreibung>
<ort>Graz</ort><plz>8010</plz></immobilie>
<immobilie><objektkategorie><vermarktungsart KAUF="1"/></objektkategorie>f
<geo><plz>8010</plz>f<ort>Graz</ort><land iso_land="AUT"/>
<user_defined_simplefield feldname="geokoordinaten_breitengrad_exakt">47.07
</user_defined_simplefield>
<user_defined_simplefield feldname="geokoordinaten_laengengrad_exakt">15.44
</user_defined_simplefield></geo>
<freitexte><objekttitel>Neubau</objekttitel></freitexte>
<verwaltung_techn><objektnr_extern>18</objektnr_extern></verwaltung_techn>
</immobilie></justimmo>"""
LAST_BYTES = len(b"</openimmo>\n")


def read(data):
    return list(openimmo.Reader(data))


PROFILE = settings(derandomize=True, deadline=None, database=None)


@tagged("post_install", "-at_install", "crm_real_estate")
class TestOpenimmoFile(BaseCase):
    def test_namespace_and_encoding_make_no_difference(self):
        plain = read(build_file(8))
        for options in (
            {"namespace": True},
            {"encoding": "ISO-8859-1"},
            {"encoding": "windows-1252"},
            {"encoding": "UTF-16", "namespace": True},
        ):
            with self.subTest(options):
                self.assertEqual(read(build_file(8, **options)), plain)

    def test_stray_text_and_justimmo_names_are_tolerated(self):
        old, new = read(JUSTIMMO.encode())
        self.assertEqual(
            (old.key, old.title, old.description, old.city),
            ("17", "Altbau", "Hell", "Graz"),
        )
        self.assertEqual(
            (new.key, new.zip, new.country, new.latitude, new.longitude),
            ("18", "8010", "AT", 47.07, 15.44),
        )

    def test_line_ends_and_a_byte_order_mark_make_no_difference(self):
        data = build_file(3)
        self.assertEqual(
            read(b"\xef\xbb\xbf\r\n" + data.replace(b"\n", b"\r\n")), read(data)
        )

    def test_only_a_filled_full_file_is_full(self):
        for options, is_full in (
            ({}, True),
            ({"umfang": "voll"}, True),
            ({"umfang": "TEIL"}, False),
            ({"umfang": ""}, False),
            ({"modus": "DELETE"}, False),
            ({"objects": 0}, False),
        ):
            with self.subTest(options):
                self.assertEqual(openimmo.check(build_file(**options)).is_full, is_full)

    def test_a_file_with_an_object_that_cannot_be_recognised_is_not_full(self):
        reader = openimmo.Reader(
            build_file(2, overrides={1: {"obid": "", "number": ""}})
        )
        self.assertIsNone(reader.transfer)
        self.assertEqual(len(list(reader)), 2)
        self.assertFalse(reader.transfer.is_full)

    def test_the_head_names_sender_and_count(self):
        reader = openimmo.Reader(build_file(5))
        self.assertEqual(len(list(reader)), 5)
        self.assertEqual(
            (reader.transfer.sender, reader.transfer.listing_count), (COMPANY, 5)
        )
        self.assertEqual(reader.transfer, openimmo.check(build_file(5)))

    def test_two_providers_keep_their_numbers_apart(self):
        values = {0: {"obid": ""}}
        one = build_file(1, overrides=values)
        two = build_file(1, provider="4712", company="Zwei", overrides=values)
        body = two[two.index(b"<anbieter>") : two.index(b"</openimmo>")]
        data = one.replace(b"</openimmo>", body + b"</openimmo>")
        self.assertEqual([item.key for item in read(data)], ["4711/OB/1", "4712/OB/1"])
        self.assertEqual(openimmo.check(data).sender, f"{COMPANY}, Zwei")

    def test_deletions_name_the_object_only(self):
        for options in ({"modus": "DELETE"}, {"overrides": {0: {"action": "DELETE"}}}):
            with self.subTest(options):
                (listing,) = read(build_file(1, **options))
                self.assertEqual(
                    (
                        listing.is_deleted,
                        listing.key,
                        listing.deal_type,
                        listing.problems,
                    ),
                    (True, "LINDE000000", "", ()),
                )

    def test_a_head_after_the_objects_is_refused(self):
        data = build_file(1).replace(
            b"</openimmo>", b'<uebertragung modus="DELETE"/></openimmo>'
        )
        with self.assertRaises(IntakeError) as caught:
            openimmo.check(data)
        self.assertEqual(caught.exception.code, "unknown_format")

    def test_other_formats_are_named(self):
        for data, code in (
            (b"", "empty"),
            (b" \n", "empty"),
            (b"id;price", "unknown_format"),
            (b"<html/>", "unknown_format"),
            (b"<openimmo_feedback/>", "unknown_format"),
            (b"<openimmo>", "broken"),
        ):
            with self.subTest(data), self.assertRaises(IntakeError) as caught:
                openimmo.check(data)
            self.assertEqual(caught.exception.code, code)

    def test_an_error_in_one_object_does_not_stop_the_others(self):
        original = openimmo_object.read_listings

        def stumble(fields, key, *arguments):
            if key == "LINDE000001":
                raise ZeroDivisionError
            return original(fields, key, *arguments)

        with patch.object(openimmo_object, "read_listings", stumble):
            items = read(build_file(3))
        problem = Problem("unreadable", "listing", "ZeroDivisionError")
        self.assertEqual(items[1], openimmo.Unreadable(2, "LINDE000001", (problem,)))
        self.assertEqual([item.key[-1] for item in items], ["0", "1", "2"])

    def test_reading_again_gives_the_same(self):
        reader = openimmo.Reader(build_file(4))
        self.assertEqual(list(reader), list(reader))

    def test_objects_come_while_the_file_is_read(self):
        stream = io.BytesIO(build_file(1000))
        items = iter(openimmo.Reader(stream))
        next(items)
        self.assertLessEqual(stream.tell(), 2 * xml.CHUNK_SIZE)
        self.assertEqual(sum(1 for _item in items), 999)

    def test_memory_does_not_grow_with_the_file(self):
        # libxml2's memory is not Python's: the elements it holds are counted instead.
        small, large = (
            max(
                sum(1 for _node in element.getroottree().iter())
                for _path, element in xml.iterate(build_file(objects), {"immobilie"})
            )
            for objects in (300, 3000)
        )
        self.assertLess(large, 1.1 * small)

    @settings(PROFILE, max_examples=60)
    @given(st.integers(0, len(build_file(3)) - LAST_BYTES))
    def test_a_file_cut_anywhere_is_refused(self, length):
        with self.assertRaises(IntakeError):
            openimmo.check(build_file(3)[:length])

    @settings(PROFILE, max_examples=150)
    @given(
        st.integers(0, 4000),
        st.binary(max_size=6),
        st.integers(0, 20),
    )
    def test_damaged_bytes_are_read_or_refused(self, position, replacement, width):
        data = build_file(2)
        data = data[:position] + replacement + data[position + width :]
        try:
            openimmo.check(data)
            read(data)
        except IntakeError as error:
            self.assertTrue(error.code)

    @settings(PROFILE, max_examples=150)
    @given(st.binary(max_size=200))
    def test_any_bytes_are_read_or_refused(self, data):
        with self.assertRaises(IntakeError):
            openimmo.check(data)

    @settings(PROFILE, max_examples=20)
    @given(st.permutations(range(7)))
    def test_the_order_of_objects_does_not_matter(self, order):
        listings = read(build_file(7, order=order))
        self.assertEqual(sorted(listings, key=lambda one: one.key), read(build_file(7)))
