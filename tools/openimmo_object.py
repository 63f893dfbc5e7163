"""One `immobilie` element of OpenImmo 1.2 or JUSTIMMO, read into neutral values.

Names and codes are those of the OpenImmo 1.2.7 schema. It is a list of names, not a
gate: real files break it.
"""

import re
from dataclasses import replace

from . import openimmo_terms as terms
from . import phones
from .amounts import read_number
from .neutral import Contact, Listing
from .openimmo_fields import Fields
from .texts import one_line

_EMAIL = re.compile(r"[^\s@<>\"(),;:]+@[^\s@<>\"(),;:]+\.[^\s@<>\"(),;:]+")
_DEGREES = re.compile(r"[+-]?[0-9]{1,3}(?:[.,][0-9]{0,20})?")
_CURRENCY = re.compile(r"[A-Z]{3}")


def read_key(fields, provider):
    """Return the identity of an object at its sender, empty when it has none.

    It is `openimmo_obid`, else the number of the object behind that of the provider.

    :param fields: `Fields` of the `immobilie`.
    :param provider: number of the provider, may be empty.
    """
    number = read_object_number(fields)
    joined = f"{provider}/{number}" if provider and number else number
    return fields.text("verwaltung_techn/openimmo_obid") or joined


def read_object_number(fields):
    """Return the number of an object in the agency, `objektnr_extern`."""
    return fields.text("verwaltung_techn/objektnr_extern", "objektnummer")


def read_listings(fields, key, provider, is_deleted=False):
    """Return the listings of an object: one for each deal type, at least one.

    An object that is sent to be deleted makes a single one without deal type: all its
    offers are gone, whatever it says of them now.

    :param fields: `Fields` of the `immobilie`.
    :param key: its identity.
    :param provider: number of the provider, its name where it has none; may be empty.
    :param is_deleted: whether the file as a whole asks for deletion.
    """
    number = read_object_number(fields)
    base = Listing(key=key, object_number=number, provider=provider)
    if is_deleted or _asks_for_deletion(fields):
        return (replace(base, is_deleted=True),)
    deals = _read_deals(fields)
    base = replace(
        base,
        **_read_nature(fields),
        **_read_measures(fields),
        **_read_place(fields),
        **_read_texts(fields),
        currency=_read_currency(fields),
    )
    base = replace(base, contact=_read_contact(fields, base.country))
    return tuple(_with_deal(base, fields, deal) for deal in deals)


def _asks_for_deletion(fields):
    return fields.attribute("verwaltung_techn/aktion", "aktionart").upper() == "DELETE"


def _with_deal(base, fields, deal):
    priced = Fields(fields.element)
    price = _read_price(priced, deal) if deal else None
    problems = fields.problems + priced.problems
    return replace(base, deal_type=deal, price=price, problems=problems)


def _read_deals(fields):
    path = "objektkategorie/vermarktungsart"
    deals = [
        deal
        for name, deal in terms.DEALS.items()
        if fields.is_true(path, name, "deal_type")
    ]
    for name in terms.OTHER_DEALS:
        if fields.is_true(path, name, "deal_type"):
            fields.note("ambiguous", "deal_type", name)
    if not deals and not fields.problems:
        fields.note("missing", "deal_type")
    return deals or [""]


def _read_nature(fields):
    usages = [
        usage
        for name, usage in terms.USAGES.items()
        if fields.is_true("objektkategorie/nutzungsart", name, "usage")
    ]
    condition = "zustand_angaben"
    if fields.attribute("verwaltung_techn/aktion", "aktionart").upper() == "REFERENZ":
        fields.note("ambiguous", "state", "REFERENZ")
    return {
        "type_code": _read_type(fields),
        "usage": usages[0] if len(usages) == 1 else "",
        "market": fields.code(
            f"{condition}/alter", "alter_attr", terms.MARKETS, "market"
        ),
        "state": fields.code(
            f"{condition}/verkaufstatus", "stand", terms.STATES, "state"
        ),
    }


def _read_type(fields):
    names = {
        node.tag
        for node in fields.element.iterfind("objektkategorie/objektart/*")
        if node.tag != "objektart_zusatz" and not node.tag.startswith("user_defined")
    }
    raw = " ".join(sorted(names))
    if len(names) == 1 and raw in terms.TYPE_CODES:
        return terms.TYPE_CODES[raw]
    code = {0: "missing", 1: "unreadable"}.get(len(names), "ambiguous")
    fields.note(code, "type_code", raw)
    return ""


def _read_price(fields, deal):
    for name in terms.PRICES[deal]:
        path = f"preise/{name}"
        if fields.is_true(path, "auf_anfrage", "price"):
            return None
        raw = fields.text(path)
        if read_number(raw) == (0, ""):
            continue
        if raw and deal == "rent" and (period := _other_period(fields)):
            fields.note("ambiguous", "price", f"{raw} / {period}")
            return None
        if raw:
            return fields.number(path, "price")
    _note_no_price(fields, deal)
    return None


def _other_period(fields):
    period = fields.attribute("preise/preis_zeiteinheit", "zeiteinheit").upper()
    return "" if period == terms.MONTH else period


def _note_no_price(fields, deal):
    for name in terms.OTHER_PRICES[deal]:
        raw = fields.text(f"preise/{name}")
        if raw and read_number(raw) != (0, ""):
            fields.note("ambiguous", "price", f"{name} {raw}")
            return
    fields.note("missing", "price")


def _read_currency(fields):
    path = "preise/waehrung"
    raw = fields.attribute(path, "iso_waehrung") or fields.text(path)
    code = terms.CURRENCY_ALIASES.get(raw.upper(), raw.upper())
    if raw and not _CURRENCY.fullmatch(code):
        fields.note("unreadable", "currency", raw)
        return ""
    return code


def _read_measures(fields):
    bedrooms = fields.number("flaechen/anzahl_schlafzimmer", "bedroom_count")
    if bedrooms is not None and bedrooms != int(bedrooms):
        fields.note("unreadable", "bedroom_count", str(bedrooms))
        bedrooms = None
    return {
        "living_area": fields.measure("flaechen/wohnflaeche", "living_area"),
        "plot_area": fields.measure("flaechen/grundstuecksflaeche", "plot_area"),
        "room_count": fields.measure("flaechen/anzahl_zimmer", "room_count"),
        "bedroom_count": None if bedrooms is None else int(bedrooms),
    }


def _read_place(fields):
    latitude, longitude = _read_coordinates(fields)
    return {
        "floor": fields.text("geo/etage", "etage"),
        "street": _street(fields, "geo/"),
        "zip": fields.text("geo/plz", "plz"),
        "city": fields.text("geo/ort", "ort"),
        "country": fields.country("geo/land", "country"),
        "latitude": latitude,
        "longitude": longitude,
    }


def _street(fields, prefix):
    parts = (fields.text(f"{prefix}strasse"), fields.text(f"{prefix}hausnummer"))
    return " ".join(filter(None, parts))


def _read_coordinates(fields):
    raws = [_coordinate(fields, name) for name in ("breitengrad", "laengengrad")]
    if not any(raws):
        return None, None
    numbers = [_degrees(raw) for raw in raws]
    if None in numbers or numbers == [0, 0] or not _is_on_earth(*numbers):
        fields.note("unreadable", "coordinates", " ".join(raws).strip())
        return None, None
    return tuple(numbers)


def _degrees(raw):
    return float(raw.replace(",", ".")) if _DEGREES.fullmatch(raw) else None


def _coordinate(fields, name):
    raw = fields.attribute("geo/geokoordinaten", name)
    own = f"geokoordinaten_{name}_exakt"
    for node in fields.element.iterfind("geo/user_defined_simplefield"):
        if node.get("feldname") == own:
            raw = raw or (node.text or "").strip()
    return raw


def _is_on_earth(latitude, longitude):
    return abs(latitude) <= 90 and abs(longitude) <= 180


def _read_texts(fields):
    paragraphs = [
        fields.long_text(f"freitexte/{name}", name) for name in terms.DESCRIPTIONS
    ]
    return {
        "title": fields.text("freitexte/objekttitel", "titel"),
        "description": "\n\n".join(filter(None, paragraphs)),
        "fee_text": fields.text("preise/aussen_courtage", "preise/innen_courtage"),
        "available_text": fields.text(
            "verwaltung_objekt/verfuegbar_ab", "verwaltung_objekt/abdatum"
        ),
    }


def _read_contact(fields, object_country):
    person = "kontaktperson"
    country = fields.country(f"{person}/land", "contact.country")
    return Contact(
        first_name=fields.text(f"{person}/vorname"),
        last_name=fields.text(f"{person}/name"),
        company=fields.text(f"{person}/firma"),
        street=_street(fields, f"{person}/"),
        zip=fields.text(f"{person}/plz"),
        city=fields.text(f"{person}/ort"),
        country=country,
        emails=_read_emails(fields, person),
        phones=_read_phones(fields, person, country or object_country),
    )


def _read_emails(fields, person):
    emails = {}
    for name in terms.EMAILS:
        for raw in fields.texts(f"{person}/{name}"):
            if _EMAIL.fullmatch(raw):
                emails.setdefault(raw.lower(), raw)
            else:
                fields.note("unreadable", "contact.emails", raw)
    return tuple(emails.values())


def _read_phones(fields, person, country):
    raws = []
    for name in terms.PHONES:
        for node in fields.element.iterfind(f"{person}/{name}"):
            raw = one_line(" ".join(node.itertext()))
            if raw and "FAX" not in node.get("telefonart", "").upper():
                raws.append(raw)
    raws = phones.unique(raws, country)
    for raw in raws:
        if not phones.to_e164(raw, country):
            fields.note("invalid_phone", "contact.phones", raw)
    return raws
