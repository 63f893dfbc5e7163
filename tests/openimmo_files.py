"""Writes OpenImmo files for tests, in the shape real programs export them."""

import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "http://www.openimmo.de"
PROVIDER = "4711"
COMPANY = "Immobilien Linde GmbH"
# Kept free by the German regulator for films and books: they ring nowhere.
BERLIN_PHONE = "+49 30 23125{:03d}"
GERMAN_MOBILE = "0171 39200{:02d}"

_TYPES = (
    "wohnung haus grundstueck buero_praxen einzelhandel gastgewerbe hallen_lager_prod"
    " land_und_forstwirtschaft parken sonstige freizeitimmobilie_gewerblich"
    " zinshaus_renditeobjekt zimmer"
)
_PLACES = (
    ("10115", "Berlin", "DEU", "Birkenweg", "52.532", "13.384"),
    ("52066", "Aachen / Brand", "DEU", "Große Gasse", "50.749", "6.164"),
    ("1010", "Wien", "AUT", "Lindengasse", "48.208", "16.373"),
    ("110 00", "Praha 1", "CZE", "Lipová", "50.087", "14.421"),
)
_PERSONS = (
    ("Jörg", "Müller"),
    ("Anna", "Weiß"),
    ("Petra", "Novotná"),
    ("Claire", "d'Orsay"),
)
# The builder's name of a value and where OpenImmo keeps it, in the order of the schema.
_ELEMENTS = {
    "geo": {
        "zip": "plz",
        "city": "ort",
        "street": "strasse",
        "house_number": "hausnummer",
        "floor": "etage",
    },
    "kontaktperson": {
        "company_phone": "tel_zentrale",
        "phone": "tel_durchw",
        "mobile": "tel_handy",
        "company_email": "email_zentrale",
        "email": "email_direkt",
        "feedback_email": "email_feedback",
        "last_name": "name",
        "first_name": "vorname",
        "company": "firma",
    },
    "preise": {
        "price": "kaufpreis",
        "net_rent": "nettokaltmiete",
        "cold_rent": "kaltmiete",
        "warm_rent": "warmmiete",
        "fee": "aussen_courtage",
        "own_fee": "innen_courtage",
    },
    "flaechen": {
        "living_area": "wohnflaeche",
        "plot_area": "grundstuecksflaeche",
        "rooms": "anzahl_zimmer",
        "bedrooms": "anzahl_schlafzimmer",
    },
    "freitexte": {
        "title": "objekttitel",
        "location": "lage",
        "equipment": "ausstatt_beschr",
        "description": "objektbeschreibung",
    },
    "verwaltung_objekt": {"available": "verfuegbar_ab"},
}


def object_values(index):
    """Return the values of the object with a number, as `build_file` writes them."""
    types = _TYPES.split()
    postcode, city, country, street, latitude, longitude = _PLACES[index % 4]
    first_name, last_name = _PERSONS[index % 4]
    is_rent = index % 3 == 2
    return {
        "obid": f"LINDE{index:06d}",
        "number": f"OB/{index + 1}",
        "flags": {"KAUF": not is_rent, "MIETE_PACHT": is_rent},
        "usages": {"WOHNEN": index % 5 != 4, "GEWERBE": index % 5 == 4},
        "types": (types[index % len(types)],),
        "price": "" if is_rent else f"{199000 + 1000 * index}.50",
        "net_rent": f"{700 + index}.00" if is_rent else "",
        "currency": "CZK" if country == "CZE" else "EUR",
        "living_area": f"{50 + index % 150}.5",
        "plot_area": f"{300 + index % 700}",
        "rooms": f"{1 + index % 9 * 0.5}",
        "bedrooms": f"{1 + index % 4}",
        "floor": "EG" if index % 4 == 0 else str(index % 4),
        "street": street,
        "house_number": f"{1 + index % 99}a",
        "zip": postcode,
        "city": city,
        "country": country,
        "latitude": latitude,
        "longitude": longitude,
        "age": "NEUBAU" if index % 2 else "ALTBAU",
        "status": ("OFFEN", "RESERVIERT", "VERKAUFT")[index % 3],
        "title": f"Schönes Objekt {index + 1} & mehr",
        "description": f"Hell <b>und</b> ruhig.<br/>Nummer {index + 1}.",
        "location": "Am Park.",
        "equipment": "Bad mit Wanne.",
        "fee": "3,57 % inkl. MwSt.",
        "available": "ab sofort",
        "first_name": first_name,
        "last_name": last_name,
        "company": COMPANY,
        "email": f"makler{index}@linde.example",
        "phone": BERLIN_PHONE.format(index % 1000),
        "mobile": GERMAN_MOBILE.format(index % 100) if country == "DEU" else "",
        "contact_country": "DEU",
        "action": "CHANGE",
    }


def build_object(index=0, **overrides):
    """Return one `immobilie` element as text.

    :param overrides: values that replace those of `object_values`; ``extra`` is XML
        that is put in as it is.
    """
    values = object_values(index) | overrides
    parts = {
        group: "".join(
            f"<{tag}>{escape(values[name])}</{tag}>"
            for name, tag in tags.items()
            if values.get(name)
        )
        for group, tags in _ELEMENTS.items()
    }
    types = "".join(f"<{name}/>" for name in values["types"])
    coordinates = (
        f"<geokoordinaten breitengrad={quoteattr(values['latitude'])}"
        f" laengengrad={quoteattr(values['longitude'])}/>"
    )
    return (
        f"<immobilie><objektkategorie><nutzungsart{_flags(values['usages'])}/>"
        f"<vermarktungsart{_flags(values['flags'])}/>"
        f"<objektart>{types}</objektart></objektkategorie>"
        f"<geo>{parts['geo']}{coordinates}{_country(values['country'])}</geo>"
        f"<kontaktperson>{parts['kontaktperson']}"
        f"{_country(values['contact_country'])}</kontaktperson>"
        f"<preise>{parts['preise']}"
        f"<waehrung iso_waehrung={quoteattr(values['currency'])}/></preise>"
        f"<flaechen>{parts['flaechen']}</flaechen>"
        f"<zustand_angaben><alter alter_attr={quoteattr(values['age'])}/>"
        f"<verkaufstatus stand={quoteattr(values['status'])}/></zustand_angaben>"
        f"<freitexte>{parts['freitexte']}</freitexte>"
        f"<verwaltung_objekt>{parts['verwaltung_objekt']}</verwaltung_objekt>"
        f"<verwaltung_techn><objektnr_extern>{escape(values['number'])}</objektnr_extern>"
        f"<aktion aktionart={quoteattr(values['action'])}/>"
        f"<openimmo_obid>{escape(values['obid'])}</openimmo_obid></verwaltung_techn>"
        f"{values.get('extra', '')}</immobilie>\n"
    )


def build_file(
    objects=12,
    *,
    namespace=False,
    encoding="UTF-8",
    umfang="VOLL",
    modus="CHANGE",
    provider=PROVIDER,
    company=COMPANY,
    overrides=None,
    order=None,
):
    """Return an OpenImmo file as bytes.

    :param objects: how many objects.
    :param namespace: whether the elements are in OpenImmo's namespace.
    :param encoding: of the file and of its XML declaration.
    :param umfang: ``VOLL`` or ``TEIL``.
    :param modus: ``NEW``, ``CHANGE`` or ``DELETE`` for the file as a whole.
    :param overrides: dict of the index of an object to the values that replace its own.
    :param order: indexes in the order in which the objects stand; else ascending.
    """
    overrides = overrides or {}
    indexes = range(objects) if order is None else order
    body = "".join(build_object(index, **overrides.get(index, {})) for index in indexes)
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n'
        f"<openimmo{f' xmlns={quoteattr(NAMESPACE)}' if namespace else ''}>\n"
        f'<uebertragung art="ONLINE" umfang="{umfang}" modus="{modus}" version="1.2.7"'
        ' sendersoftware="LindeSoft" timestamp="2024-06-03T10:00:00"/>\n'
        f"<anbieter><anbieternr>{escape(provider)}</anbieternr>"
        f"<firma>{escape(company)}</firma><openimmo_anid/>\n{body}</anbieter>\n</openimmo>\n"
    )
    return text.encode(encoding, "xmlcharrefreplace")


def build_zip(files=None, *, method=zipfile.ZIP_DEFLATED, **options):
    """Return a ZIP with files: one export and a picture, unless others are given.

    :param files: dict of name to bytes; a name may be a `zipfile.ZipInfo`.
    :param options: of `build_file`, for the export.
    """
    if files is None:
        files = {"export.xml": build_file(**options), "bild1.jpg": b"\xff\xd8picture"}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def _flags(flags):
    return "".join(
        f' {name}="{str(is_set).lower()}"'
        if isinstance(is_set, bool)
        else f" {name}={quoteattr(is_set)}"
        for name, is_set in flags.items()
    )


def _country(code):
    return f"<land iso_land={quoteattr(code)}/>" if code else ""
