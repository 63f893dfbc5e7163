"""Each object of a listing file says what it says, and never more."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools import openimmo
from ..tools.neutral import Problem
from .openimmo_files import COMPANY, PROVIDER, build_file, build_object, object_values

PROFILE = settings(derandomize=True, deadline=None, database=None)


def read(data):
    return list(openimmo.Reader(data))


def read_one(**overrides):
    """Return the only listing of a file with one object."""
    (listing,) = read(build_file(1, overrides={0: overrides}))
    return listing


def raws(listing, field):
    """Return code and raw text of the problems of a field."""
    return [(item.code, item.raw) for item in listing.problems if item.field == field]


@tagged("post_install", "-at_install", "crm_real_estate")
class TestOpenimmoObject(BaseCase):
    def test_a_listing_holds_what_the_file_says(self):
        listing = read_one()
        expected = {
            "key": "LINDE000000",
            "deal_type": "sale",
            "is_deleted": False,
            "object_number": "OB/1",
            "provider": PROVIDER,
            "title": "Schönes Objekt 1 & mehr",
            "description": "Hell und ruhig.\nNummer 1.\n\nAm Park.\n\nBad mit Wanne.",
            "type_code": "apartment",
            "usage": "residential",
            "market": "resale",
            "state": "on_market",
            "price": Decimal("199000.50"),
            "currency": "EUR",
            "living_area": 50.5,
            "plot_area": 300.0,
            "room_count": 1.0,
            "bedroom_count": 1,
            "floor": "EG",
            "street": "Birkenweg 1a",
            "zip": "10115",
            "city": "Berlin",
            "country": "DE",
            "latitude": 52.532,
            "longitude": 13.384,
            "fee_text": "3,57 % inkl. MwSt.",
            "available_text": "ab sofort",
            "problems": (),
        }
        self.assertEqual({name: getattr(listing, name) for name in expected}, expected)

    def test_the_contact_holds_what_the_file_says(self):
        contact = read_one(
            company_phone="030 23125999",
            company_email="buero@linde.example",
            feedback_email="1-x@feedback.example",
        ).contact
        self.assertEqual(
            (contact.first_name, contact.last_name, contact.company, contact.country),
            ("Jörg", "Müller", COMPANY, "DE"),
        )
        self.assertEqual(
            contact.emails,
            ("makler0@linde.example", "buero@linde.example", "1-x@feedback.example"),
        )
        self.assertEqual(
            contact.phones, ("0171 3920000", "+49 30 23125000", "030 23125999")
        )

    def test_the_key_is_the_unique_number_else_provider_and_number(self):
        for overrides, key in (
            ({}, "LINDE000000"),
            ({"obid": ""}, f"{PROVIDER}/OB/1"),
            ({"obid": " ", "number": " A 1 "}, f"{PROVIDER}/A 1"),
        ):
            with self.subTest(overrides):
                self.assertEqual(read_one(**overrides).key, key)

    def test_an_object_without_any_number_is_unreadable(self):
        item = read_one(obid="", number="")
        self.assertEqual(item, openimmo.Unreadable(1, "", (Problem("missing", "key"),)))

    def test_an_object_for_sale_and_to_let_makes_two_listings_with_one_key(self):
        flags = {"KAUF": "1", "MIETE_PACHT": "1"}
        sale, rent = read(
            build_file(1, overrides={0: {"flags": flags, "net_rent": "9.50"}})
        )
        self.assertEqual(
            [(one.key, one.deal_type, one.price) for one in (sale, rent)],
            [
                ("LINDE000000", "sale", Decimal("199000.50")),
                ("LINDE000000", "rent", Decimal("9.50")),
            ],
        )

    def test_a_deal_type_is_never_guessed(self):
        for flags, deal, problems in (
            ({}, "", [("missing", "")]),
            ({"KAUF": "false", "MIETE_PACHT": "0"}, "", [("missing", "")]),
            ({"ERBPACHT": True}, "", [("ambiguous", "ERBPACHT")]),
            ({"LEASING": "1"}, "", [("ambiguous", "LEASING")]),
            ({"KAUF": True, "ERBPACHT": True}, "sale", [("ambiguous", "ERBPACHT")]),
            ({"MIETE_PACHT": "TRUE"}, "rent", []),
            ({"KAUF": "vielleicht"}, "", [("unreadable", "KAUF=vielleicht")]),
        ):
            with self.subTest(flags):
                listing = read_one(flags=flags, net_rent="500")
                self.assertEqual(
                    (listing.deal_type, raws(listing, "deal_type")), (deal, problems)
                )

    def test_a_sale_price_is_read_or_a_problem(self):
        for text, price, problems in (
            ("299000.50", "299000.50", []),
            ("299.000,50", "299000.50", []),
            ("299000,50", "299000.50", []),
            ("2'409'000.-", "2409000.00", []),
            ("auf Anfrage", None, [("unreadable", "auf Anfrage")]),
            ("299.000", None, [("ambiguous", "299.000")]),
            ("-5", None, [("unreadable", "-5")]),
            ("0.00", None, [("missing", "")]),
            ("", None, [("missing", "")]),
        ):
            with self.subTest(text):
                listing = read_one(price=text)
                self.assertEqual(listing.price, price and Decimal(price))
                self.assertEqual(raws(listing, "price"), problems)

    def test_a_price_on_request_is_empty_without_a_problem(self):
        element = build_object().replace("<kaufpreis>", '<kaufpreis auf_anfrage="1">')
        data = build_file(0).replace(b"</anbieter>", element.encode() + b"</anbieter>")
        (listing,) = read(data)
        self.assertEqual((listing.price, listing.problems), (None, ()))

    def test_a_rent_is_the_cold_one_a_month_or_a_problem(self):
        for overrides, price, problems in (
            ({"net_rent": "700"}, "700", []),
            ({"net_rent": "700", "cold_rent": "800"}, "700", []),
            ({"net_rent": "0", "cold_rent": "800"}, "800", []),
            ({"warm_rent": "900"}, None, [("ambiguous", "warmmiete 900")]),
            ({"warm_rent": "0.00"}, None, [("missing", "")]),
            ({"price": "250000.00"}, None, [("missing", "")]),
        ):
            values = {"flags": {"MIETE_PACHT": True}, "price": ""} | overrides
            with self.subTest(overrides):
                listing = read_one(**values)
                self.assertEqual(listing.price, price and Decimal(price))
                self.assertEqual(raws(listing, "price"), problems)

    def test_a_rent_for_another_period_is_not_converted(self):
        period = b'<preis_zeiteinheit zeiteinheit="JAHR"/></preise>'
        values = {"flags": {"MIETE_PACHT": True}, "net_rent": "9000", "price": ""}
        data = build_file(1, overrides={0: values}).replace(b"</preise>", period)
        (listing,) = read(data)
        self.assertIsNone(listing.price)
        self.assertEqual(raws(listing, "price"), [("ambiguous", "9000 / JAHR")])

    def test_codes_are_translated_or_a_problem(self):
        for name, text, field, value, problems in (
            ("country", "CHE", "country", "CH", []),
            ("country", "de", "country", "DE", []),
            ("country", "", "country", "", []),
            ("country", "XYZ", "country", "", [("unreadable", "XYZ")]),
            ("currency", "rur", "currency", "RUB", []),
            ("currency", "", "currency", "", []),
            ("currency", "€", "currency", "", [("unreadable", "€")]),
            ("age", "neubau", "market", "new", []),
            ("age", "ALT", "market", "", [("unreadable", "ALT")]),
            ("status", "VERKAUFT", "state", "closed", []),
            ("status", "WEG", "state", "", [("unreadable", "WEG")]),
            ("action", "REFERENZ", "state", "on_market", [("ambiguous", "REFERENZ")]),
            ("rooms", "4.5", "room_count", 4.5, []),
            ("rooms", "0", "room_count", None, []),
            ("bedrooms", "2.00", "bedroom_count", 2, []),
            ("bedrooms", "2.5", "bedroom_count", None, [("unreadable", "2.5")]),
            ("living_area", "85,5 m²", "living_area", 85.5, []),
            ("living_area", "ca. 85", "living_area", None, [("unreadable", "ca. 85")]),
            ("usages", {"WOHNEN": "1", "GEWERBE": "1"}, "usage", "", []),
            ("usages", {"GEWERBE": "true"}, "usage", "commercial", []),
            ("types", ("haus", "haus"), "type_code", "house", []),
            ("types", ("haus", "objektart_zusatz"), "type_code", "house", []),
            ("types", (), "type_code", "", [("missing", "")]),
            ("types", ("schloss",), "type_code", "", [("unreadable", "schloss")]),
            (
                "types",
                ("haus", "parken"),
                "type_code",
                "",
                [("ambiguous", "haus parken")],
            ),
            ("city", "Aachen / Brand", "city", "Aachen / Brand", []),
            ("house_number", "", "street", "Birkenweg", []),
        ):
            with self.subTest(name, text=text):
                listing = read_one(**{name: text})
                self.assertEqual(
                    (getattr(listing, field), raws(listing, field)), (value, problems)
                )

    def test_coordinates_off_the_earth_are_dropped(self):
        for latitude, longitude, is_kept in (
            ("52,5", "13,4", True),
            ("0", "13.4", True),
            ("-90", "180", True),
            ("0", "0.0", False),
            ("95", "13.4", False),
            ("52.5", "181", False),
            ("52.5", "", False),
            ("N 52", "13", False),
        ):
            with self.subTest(latitude=latitude, longitude=longitude):
                listing = read_one(latitude=latitude, longitude=longitude)
                self.assertEqual(listing.latitude is not None, is_kept)
                self.assertEqual(listing.longitude is not None, is_kept)
                self.assertEqual(bool(raws(listing, "coordinates")), not is_kept)

    def test_an_invalid_phone_is_kept_and_named(self):
        listing = read_one(phone="4", mobile="0171 3920001")
        self.assertEqual(listing.contact.phones, ("0171 3920001", "4"))
        self.assertEqual(raws(listing, "contact.phones"), [("invalid_phone", "4")])

    def test_a_phone_is_read_in_the_country_of_the_contact_else_of_the_object(self):
        for contact_country, mobile, is_valid in (
            ("DEU", "0171 3920001", True),
            ("", "0171 3920001", True),
            ("CZE", "0171 3920001", False),
            ("CZE", "601 123 456", True),
        ):
            with self.subTest(contact_country, mobile=mobile):
                listing = read_one(contact_country=contact_country, mobile=mobile)
                self.assertEqual(not raws(listing, "contact.phones"), is_valid)

    def test_a_fax_is_no_phone(self):
        fax = '<tel_sonstige telefonart="TEL_FAX">030 23125007</tel_sonstige>'
        tag = "</kontaktperson>"
        data = build_file(1).replace(tag.encode(), f"{fax}{tag}".encode())
        (listing,) = read(data)
        self.assertNotIn("030 23125007", listing.contact.phones)

    def test_one_phone_in_two_spellings_is_kept_once(self):
        listing = read_one(phone="0049 171 3920001", mobile="0171/3920001")
        self.assertEqual(listing.contact.phones, ("0171/3920001",))

    def test_placeholders_make_one_listing_with_problems_and_nothing_invented(self):
        empty = {
            name: "" for name, value in object_values(0).items() if value == str(value)
        }
        listing = read_one(
            **empty | {"number": "1", "types": (), "flags": {}, "usages": {}}
        )
        self.assertEqual(listing.key, f"{PROVIDER}/1")
        self.assertTrue(listing.contact.is_empty)
        self.assertEqual(
            listing.problems,
            (Problem("missing", "deal_type"), Problem("missing", "type_code")),
        )

    def test_markup_in_a_text_is_read_escaped_or_not(self):
        old = "<objektbeschreibung>Hell &lt;b&gt;und&lt;/b&gt; ruhig.&lt;br/&gt;"
        for new in (old, "<objektbeschreibung>Hell <b>und</b> ruhig.<br/>"):
            with self.subTest(new):
                data = build_file(1).replace(old.encode(), new.encode())
                (listing,) = read(data)
                self.assertEqual(listing.description[:24], "Hell und ruhig.\nNummer 1")

    @settings(PROFILE, max_examples=80)
    @given(
        st.decimals("0.01", "99999999", places=2),
        st.text(
            st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1
        ),
        st.text("ABCÄß ,/-0123456789"),
    )
    def test_written_values_come_back(self, price, number, city):
        listing = read_one(price=str(price), obid=number, city=city)
        self.assertEqual(
            (listing.price, listing.key, listing.city),
            (price, " ".join(number.split()), " ".join(city.split())),
        )
