import random
from datetime import timedelta

from odoo.tests import Form, freeze_time, tagged

from .activity_report import ActivityReportCase
from .common import NOW

LATER = NOW + timedelta(days=7)
FIRST = ("Jana", "Petr", "Günther", "Žofie", "Наталья", "Ó Brien", "Anne-Marie")
LAST = ("Nováková", "Dvořák", "Weiß", "Kowalczyk", "Кузнецова", "Šťastná", "Lefèvre")
SENTENCES = (
    "{name} liked the kitchen, ring {phone}",
    "Second visit with {last} ({mail}); wife {phone}",
    "{first} wants to think it over until Friday",
    "Paní {last} psala z {mail}, tel. {phone}.",
    "Call back:{phone},{mail}",
)


@freeze_time(LATER)
@tagged("activity_report")
class TestMaskedReports(ActivityReportCase):
    """No document for an owner names a seeker."""

    def _create_seeker(self, chance, number):
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
        return self._create_contact(
            name,
            email=f"seeker{number}@private.example.org",
            phone=f"+420 60{number} {chance.randint(100, 999)} 3{number}4",
        )

    def test_no_name_phone_or_mail_of_a_seeker_reaches_the_document(self):
        """M137: notes with names and numbers of linked contacts; none is in the PDF."""
        chance = random.Random(137)
        told = []
        for number in range(8):
            seeker = self._create_seeker(chance, number)
            lead = self._create_seeker_lead(self.prop, seeker)
            first, last = seeker.name.split()[0], seeker.name.split()[-1]
            spelled = seeker.phone if number % 2 else seeker.phone.replace(" ", "")
            for sentence in chance.sample(SENTENCES, 2):
                words = sentence.format(
                    name=seeker.name,
                    first=first,
                    last=last,
                    phone=spelled,
                    mail=seeker.email,
                )
                self._tell("viewing_done", lead_id=lead.id, summary=words)
                self._tell("note", lead_id=lead.id, owner_comment=words)
            told += [first, last, seeker.email, spelled, seeker.phone]
        report = self._create_report(opening=f"Dear Olga, {told[0]} {told[1]} came")
        with self._real_pdfs():
            report.action_send()
        report.invalidate_recordset()
        text = self._read_pdf(report.pdf_attachment_id.raw)
        digits = "".join(filter(str.isdigit, text))
        self.assertIn("liked the kitchen", self._squeeze(text))
        for secret in told:
            if secret.startswith("+"):
                number = "".join(filter(str.isdigit, secret))[-7:]
                self.assertNotIn(number, digits)
            else:
                self.assertNotIn(secret, text)

    def test_what_an_agent_mends_by_hand_is_masked_too(self):
        lead = self._create_seeker_lead(self.prop)
        self._tell("note", lead_id=lead.id, owner_comment="Nice")
        report = self._create_report()
        with Form(report) as form, form.line_ids.edit(len(report.line_ids) - 1) as line:
            line.text = "Sam Seeker comes back"
        self.assertIn("(seeker) comes back", report.line_ids.mapped("text"))

    def test_the_owners_own_name_and_the_agents_number_stay(self):
        self.agent.partner_id.phone = "+420 224 567 890"
        self._create_seeker_lead(self.prop)
        self._tell("note", owner_comment="Olga, ring us: +420 224 567 890")
        report = self._create_report()
        self.assertIn("Olga, ring us: +420 224 567 890", report.line_ids.mapped("text"))
