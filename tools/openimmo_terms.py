"""Code tables of OpenImmo 1.2.7, and what its codes mean here."""

TYPE_CODES = {
    "zimmer": "room",
    "wohnung": "apartment",
    "haus": "house",
    "grundstueck": "plot",
    "buero_praxen": "office",
    "einzelhandel": "retail",
    "gastgewerbe": "hospitality",
    "hallen_lager_prod": "warehouse",
    "land_und_forstwirtschaft": "farm",
    "parken": "parking",
    "sonstige": "other",
    "freizeitimmobilie_gewerblich": "leisure",
    "zinshaus_renditeobjekt": "investment",
}
DEALS = {"KAUF": "sale", "MIETE_PACHT": "rent"}
# A ground lease and a lease are neither: a person decides.
OTHER_DEALS = ("ERBPACHT", "LEASING")
USAGES = {"WOHNEN": "residential", "GEWERBE": "commercial"}
MARKETS = {"NEUBAU": "new", "ALTBAU": "resale"}
STATES = {"OFFEN": "on_market", "RESERVIERT": "reserved", "VERKAUFT": "closed"}
FLAGS = {"true": True, "1": True, "false": False, "0": False}
CURRENCY_ALIASES = {"RUR": "RUB"}

# The first of them that is filled is the price; the others say that there is one, but
# not which.
PRICES = {"sale": ("kaufpreis",), "rent": ("nettokaltmiete", "kaltmiete")}
OTHER_PRICES = {
    "sale": ("kaufpreisbrutto", "kaufpreisnetto", "kaufpreis_pro_qm"),
    "rent": (
        "warmmiete",
        "pauschalmiete",
        "hauptmietzinsnetto",
        "gesamtmietenetto",
        "gesamtmietebrutto",
        "pacht",
        "mietpreis_pro_qm",
    ),
}
MONTH = "MONAT"

PHONES = ("tel_handy", "tel_durchw", "tel_zentrale", "tel_privat", "tel_sonstige")
# The feedback address belongs to the object, not to the person: it comes last.
EMAILS = (
    "email_direkt",
    "email_zentrale",
    "email_privat",
    "email_sonstige",
    "email_feedback",
)
DESCRIPTIONS = ("objektbeschreibung", "lage", "ausstatt_beschr")

_COUNTRY_CODES = """
    ALB:AL AND:AD ARE:AE ARG:AR ARM:AM AUS:AU AUT:AT AZE:AZ BEL:BE BGR:BG BIH:BA BLR:BY
    BRA:BR CAN:CA CHE:CH CHL:CL CHN:CN COL:CO CPV:CV CRI:CR CYP:CY CZE:CZ DEU:DE DNK:DK
    DOM:DO EGY:EG ESP:ES EST:EE FIN:FI FRA:FR FRO:FO GBR:GB GEO:GE GGY:GG GIB:GI GRC:GR
    GRL:GL HKG:HK HRV:HR HUN:HU IDN:ID IMN:IM IND:IN IRL:IE ISL:IS ISR:IL ITA:IT JEY:JE
    JPN:JP KAZ:KZ KEN:KE KOR:KR LIE:LI LTU:LT LUX:LU LVA:LV MAR:MA MCO:MC MDA:MD MEX:MX
    MKD:MK MLT:MT MNE:ME MUS:MU MYS:MY NAM:NA NLD:NL NOR:NO NZL:NZ PAN:PA PER:PE PHL:PH
    POL:PL PRT:PT PRY:PY ROU:RO RUS:RU SGP:SG SMR:SM SRB:RS SVK:SK SVN:SI SWE:SE SYC:SC
    THA:TH TUN:TN TUR:TR TZA:TZ UKR:UA URY:UY USA:US VAT:VA VNM:VN XKX:XK ZAF:ZA
"""
# ISO 3166-1: alpha-3 to alpha-2.
COUNTRIES = dict(pair.split(":") for pair in _COUNTRY_CODES.split())
