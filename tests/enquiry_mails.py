"""Writes enquiry mails for tests, in the shape portals and people send them."""

from email.message import EmailMessage

PORTAL = "Portal Eins <noreply@portal.example>"
FEEDBACK = """<?xml version="1.0" encoding="{encoding}"?>
<openimmo_feedback{namespace}><version>1.2.5</version>
<sender><name>Portal Eins</name><datum>11.11.2011</datum></sender>{objects}
</openimmo_feedback>"""
OBJECT = """<objekt><portal_unique_id>U-1</portal_unique_id>
<portal_obj_id>77</portal_obj_id><oobj_id>{number}</oobj_id>
<expose_url>https://portal.example/77</expose_url>{persons}</objekt>"""
PERSON = """<interessent><anrede>Frau</anrede><vorname>Jana</vorname>
<nachname>{name}</nachname><tel>030 23125001</tel><mobil>0171 3920012</mobil>
<email>jana@example.com</email><wunsch>BESICHTIGUNG</wunsch><wunsch>ANRUF</wunsch>
<anfrage>Guten Tag,
ist es frei?

Weitere Daten zum Interessenten: Alter 30</anfrage></interessent>"""
IMMOWELT = """<objektanfrage>
<objekt><o_maklernr>OB/17</o_maklernr><o_refnr>2ABC</o_refnr></objekt><interessent><i_vorname>Jana</i_vorname><i_name>Malá</i_name>
<i_tel>030 23125001</i_tel><i_email>jana@example.com</i_email><i_info>Hallo</i_info>
</interessent></objektanfrage>"""
METADATA = """<html><body><p>New lead</p>
<meta name="lead_information_version" content="1.0"/>
<meta content='Sam O&apos;Hara' name="lead_name"><meta name="lead_phone" content="">
<meta name="lead_email" content="sam@example.com"><meta name="lead_mls" content="M-12">
<meta name="lead_message" content="Hello"><meta name="lead_source" content="Portal">
{more}</body></html>"""


def build_feedback(
    objects=("OB/17",), persons=("Müller",), namespace="", encoding="UTF-8"
):
    people = "".join(PERSON.format(name=name) for name in persons)
    items = "".join(OBJECT.format(number=number, persons=people) for number in objects)
    text = FEEDBACK.format(encoding=encoding, namespace=namespace, objects=items)
    return text.encode(encoding)


def build_mail(
    body="", *, html="", sender="Jan Novák <jan@example.com>", parts=(), **headers
):
    """Return a raw mail; `parts` are bytes attached with a type that tells nothing."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = "info@agency.example"
    mail["Date"] = "Mon, 03 Jun 2024 10:00:00 +0200"
    for name, value in ({"Subject": "Anfrage"} | headers).items():
        mail[name.replace("_", "-")] = value
    mail.set_content(body)
    if html:
        mail.add_alternative(html, subtype="html")
    for data in parts:
        mail.add_attachment(data, maintype="application", subtype="octet-stream")
    return mail.as_bytes()
