from datetime import timedelta

from odoo.tests import freeze_time, tagged

from .activity_report import ActivityReportCase
from .common import NOW

LATER = NOW + timedelta(days=7)


@freeze_time(LATER)
@tagged("activity_report")
class TestActivityReportContent(ActivityReportCase):
    """What a report tells, and what it never tells."""

    def _get_lines(self, report, section):
        return [
            (line.occurred_at, line.kind, line.text or "")
            for line in report.line_ids.sorted(lambda line: (line.occurred_at, line.id))
            if line.section == section
        ]

    def test_a_visit_logged_at_ten_is_in_the_report_without_a_button(self):
        """M1: what people log anywhere is in the owner's next report by itself."""
        lead = self._create_seeker_lead(self.prop)
        with freeze_time(NOW + timedelta(days=1)):
            viewing = self._create_viewing(lead, start=NOW + timedelta(days=1))
            outcome = (
                self.env["estate.viewing.outcome"]
                .with_user(self.agent)
                .create(
                    {
                        "viewing_id": viewing.id,
                        "state": "done",
                        "feedback": "They liked it.",
                    }
                )
            )
            outcome.action_apply()
        self._run_job()
        self.assertEqual(
            self._get_lines(self._get_reports(), "viewing"),
            [(NOW + timedelta(days=1), "Viewing carried out", "They liked it.")],
        )

    def test_actions_viewing_reports_and_comments_stand_in_order_of_their_dates(self):
        """M6: three lists in date order, each line with date, kind and text."""
        self._tell("documentation_sent", day=3)
        self._tell("enquiry", day=1)
        self._tell("viewing_done", day=4, summary="Second visit")
        self._tell("viewing_done", day=2, summary="First visit")
        self._tell("note", day=5, owner_comment="Please paint the hall")
        self._tell("note", day=0, owner_comment="New photos are online")
        self._run_job()
        report = self._get_reports()
        at = {day: NOW + timedelta(days=day) for day in range(6)}
        self.assertEqual(
            self._get_lines(report, "action"),
            [
                (at[1], "Enquiry", "A seeker asked about the property"),
                (at[3], "Documentation sent", "The documentation was sent to a seeker"),
            ],
        )
        self.assertEqual(
            self._get_lines(report, "viewing"),
            [
                (at[2], "Viewing carried out", "First visit"),
                (at[4], "Viewing carried out", "Second visit"),
            ],
        )
        self.assertEqual(
            self._get_lines(report, "comment"),
            [
                (at[0], "Note", "New photos are online"),
                (at[5], "Note", "Please paint the hall"),
            ],
        )

    def test_a_comment_for_the_owner_appears_and_an_internal_note_does_not(self):
        """M8: the agent's comment is told, his note stays in the agency."""
        lead = self._create_seeker_lead(self.prop)
        self._log(
            lead,
            "note",
            occurred_at=NOW + timedelta(days=1),
            summary="Talked with the neighbour",
            owner_comment="We suggest to paint the hall",
            internal_note="The owner asks too much",
        )
        self._run_job()
        texts = "\n".join(
            self._get_reports().line_ids.mapped(lambda line: line.text or "")
        )
        self.assertIn("We suggest to paint the hall", texts)
        self.assertNotIn("The owner asks too much", texts)
        self.assertNotIn("Talked with the neighbour", texts)

    def test_a_comment_to_the_owner_himself_needs_no_property(self):
        """M8: logged on his contact, it is told as well; on others' it is not."""
        for partner in (self.owner, self._create_contact("Sam Seeker")):
            self.env["estate.interaction"]._write_journal(
                [
                    {
                        "type": "note",
                        "partner_id": partner.id,
                        "occurred_at": NOW,
                        "owner_comment": f"Thank you, {partner.name}",
                    }
                ]
            )
        comments = self._get_lines(self._create_report(), "comment")
        self.assertEqual([text for *_rest, text in comments], ["Thank you, Olga Owner"])

    def test_two_properties_of_one_owner_stand_in_one_report(self):
        """M7: one document, one part for each property."""
        second = self._create_property(
            owner_ids=self.owner, state="on_market", street="Krátká 2"
        )
        self._tell("enquiry", day=1)
        self._tell("enquiry", day=2, prop=second)
        self._run_job()
        report = self._get_reports()
        self.assertEqual(report.property_ids, self.prop | second)
        told = report.line_ids.filtered(lambda line: line.section == "action")
        self.assertEqual(told.property_id, self.prop | second)

    def test_the_state_is_the_one_at_the_end_of_the_period(self):
        """M5: the report tells in words how the property stood at its end."""
        self.prop.write({"state": "reserved", "price": 4_800_000})
        self._run_job(hours=1)
        state = self._get_reports().line_ids.filtered(
            lambda line: line.section == "state"
        )
        self.assertIn("The property is on the market, for sale.", state.text)
        self.assertIn("5,000,000", state.text)

    def test_open_steps_are_told_without_the_words_of_colleagues(self):
        """M5: planned viewings and tasks for which there are words for owners."""
        lead = self._create_seeker_lead(self.prop)
        self._create_viewing(lead, start=LATER + timedelta(days=1, hours=2))
        lead.activity_ids.unlink()
        answer = self.env.ref("crm_real_estate.mail_activity_type_answer")
        for kind in (answer, self.env.ref("mail.mail_activity_data_todo")):
            lead.activity_schedule(
                activity_type_id=kind.id,
                summary="Sam haggles",
                date_deadline=LATER.date() + timedelta(days=2),
                user_id=self.agent.id,
            )
        self._run_job()
        steps = self._get_lines(self._get_reports(), "next_step")
        kinds = [kind for _moment, kind, _text in steps]
        self.assertEqual(kinds, ["Viewing", "Answer the enquiry"])
        self.assertRegex(steps[0][2], r"A viewing is arranged for 12:00")
        self.assertEqual(steps[1][2], "An enquiry is being answered")

    def test_no_kind_of_event_brings_a_seeker_into_the_report(self):
        secret = "Sam Seeker, +420 777 999 888, sam@example.com"
        partner = self._create_contact(
            "Sam Seeker", phone="+420 777 999 888", email="sam@example.com"
        )
        lead = self._create_seeker_lead(self.prop, partner, name=secret)
        self.env["estate.interaction.type"].create(
            {"name": "Open house", "code": "open_house", "is_owner_visible": True}
        )
        kinds = self.env["estate.interaction.type"].search(
            [
                ("section", "=", "action"),
                ("code", "not in", ("price_change", "state_change")),
            ]
        )
        self.assertTrue(kinds.filtered("is_owner_visible"))
        for kind in kinds:
            self._tell(
                kind.code,
                lead_id=lead.id,
                partner_id=partner.id,
                summary=secret,
                internal_note=secret,
            )
        viewing = self._create_viewing(lead, start=LATER + timedelta(days=1))
        viewing.copy({"start": NOW, "calendar_event_id": False}).write(
            {"state": "no_show"}
        )
        viewing.write({"state": "cancelled", "cancelled_by": "seeker"})
        report = self._create_report(date_to=LATER.date())
        told = " ".join(f"{line.kind} {line.text or ''}" for line in report.line_ids)
        self.assertIn("A seeker asked about the property", told)
        self.assertIn("Open house", told)
        self.assertIn("The seeker did not come to the viewing", told)
        for word in ("Sam", "Seeker,", "999", "sam@"):
            self.assertNotIn(word, told)

    def test_what_the_system_wrote_is_told_in_the_owners_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.owner.lang = "de_DE"
        kind = self.env["estate.interaction.type"]._get("price_change")
        kind.with_context(lang="de_DE").name = "Preis geändert"
        with freeze_time(NOW + timedelta(days=1)):
            self.prop.with_context(lang="en_US").price = 4_500_000
        report = self._create_report()
        line = report.line_ids.filtered(lambda line: line.section == "action")
        self.assertEqual(line.kind, "Preis geändert")
        self.assertRegex(line.text, r"4\.500\.000(?!,)")

    def test_a_corrected_entry_is_not_told(self):
        row = self._tell("enquiry", day=1)
        row._correct("It was another property")
        self.assertFalse(self._get_lines(self._create_report(), "action"))

    def test_what_was_told_late_stands_in_the_next_report_once(self):
        self._run_job(days=7)
        with freeze_time(NOW + timedelta(days=8)):
            self._tell("enquiry", day=2)
        self._run_job(days=14)
        self._run_job(days=21)
        told = [self._get_lines(report, "action") for report in self._get_reports()]
        self.assertEqual([len(lines) for lines in told], [0, 1, 0])

    def test_the_news_of_a_sale_is_the_last_report(self):
        self._run_job(days=7)
        with freeze_time(NOW + timedelta(days=8)):
            self.prop.state = "closed"
        self._run_job(days=14)
        self._run_job(days=21)
        reports = self._get_reports()
        self.assertEqual(len(reports), 2)
        self.assertIn(
            "The property is sold.", self._get_lines(reports[1], "action")[0][2]
        )

    def test_a_later_room_adds_a_section_by_calling_super(self):
        registry = type(self.env["estate.activity.report"])
        self.patch(
            registry,
            "_get_sections",
            lambda reports, super_=registry._get_sections: [
                *super_(reports),
                {
                    "code": "comment",
                    "title": "Demand",
                    "lines": lambda rows: [
                        {
                            "report_id": report.id,
                            "section": "comment",
                            "kind": "Demand",
                            "text": "Many look for a balcony",
                        }
                        for report in rows
                    ],
                },
            ],
        )
        report = self._create_report()
        self.assertIn("Many look for a balcony", report.line_ids.mapped("text"))
