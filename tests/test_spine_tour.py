"""The whole way of one listing, on the screens of the people who walk it."""

from datetime import timedelta
from email.message import EmailMessage

from odoo import fields
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import EstateCase
from .openimmo_files import build_file


@tagged("tours")
class TestFromListingToReportOnScreens(EstateCase, HttpCase):
    """An office manager, an operator and an agent win, show and report a listing."""

    browser_size = "1400x900"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()
        # Whenever this runs, it is noon for these people and the office is open.
        zone = f"Etc/GMT{cls.now.hour - 12:+d}"
        people = cls.operator | cls.second_operator | cls.manager
        (people | cls.agent | cls.second_agent).tz = zone
        always_open = cls._create_calendar(
            tz=zone,
            attendance_ids=[
                Command.clear(),
                *(
                    Command.create(
                        {
                            "name": "Day",
                            "dayofweek": str(day),
                            "hour_from": 0,
                            "hour_to": 24,
                            "day_period": "full_day",
                        }
                    )
                    for day in range(7)
                ),
            ],
        )
        (cls.office | cls.call_centre).resource_calendar_id = always_open
        cls.listings = cls.env["estate.intake.source"].create(
            {
                "name": "Owners",
                "kind": "openimmo",
                "contact_role": "owner",
                "team_id": cls.call_centre.id,
            }
        )
        cls.enquiries = cls.env["estate.intake.source"].create(
            {"name": "Mails", "kind": "mail", "team_id": cls.office.id}
        )
        cls.env["ir.attachment"].create(
            {
                "name": "spine_listing.xml",
                "raw": build_file(
                    objects=1,
                    encoding="utf-8",
                    overrides={
                        0: {
                            "living_area": "",
                            "title": "Apartment by the park",
                            "first_name": "Anna",
                            "last_name": "Owner",
                        }
                    },
                ),
                "public": True,
            }
        )

    def _tour(self, name, user, path):
        self.start_tour(f"/odoo/{path}", name, login=user.login)
        self.env.invalidate_all()

    def _path(self, record, view):
        action = self.env.ref(f"crm_real_estate.{view}")
        return f"action-{action.id}/{record.id}"

    def test_a_listing_is_won_shown_and_reported_by_clicking(self):
        self._tour(
            "estate_spine_upload",
            self.manager,
            self._path(self.listings, "estate_intake_source_action"),
        )
        owner_lead = self.env["crm.lead"].search(
            [("intake_source_id", "=", self.listings.id)]
        )
        prop = owner_lead.ensure_one().property_id
        # The hours until the owner may be rung pass.
        owner_lead.next_call_at = self.now
        self._tour("estate_spine_agreed", owner_lead.user_id, "call-queue")
        self.assertEqual(owner_lead.phase_number, 4)
        agent = prop.agent_id
        prop.documentation_ids = [
            Command.create({"name": "brochure.pdf", "raw": b"%PDF-1.4 brochure"})
        ]
        on_property = self._path(prop, "estate_property_action")
        self._tour("estate_spine_market", agent, on_property)
        self._receive_enquiry(prop)
        self._tour("estate_spine_enquiry", agent, "my-day")
        lead = prop.lead_ids - owner_lead
        # The hours until the viewing pass.
        lead.viewing_ids.write(
            {
                "start": self.now - timedelta(hours=2),
                "stop": self.now - timedelta(hours=1),
            }
        )
        self._tour("estate_spine_viewing", agent, "my-day")
        self.assertEqual(lead.phase_number, 5)
        self._tour("estate_spine_board", agent, on_property)
        self.assertEqual(lead.phase_number, 6)
        report = self.env["estate.activity.report"].create(
            {
                "partner_id": prop.owner_ids.id,
                "property_ids": prop.ids,
                "date_from": self.now.date() - timedelta(days=7),
                "date_to": self.now.date(),
            }
        )
        self._tour(
            "estate_spine_report",
            self.manager,
            self._path(report, "estate_activity_report_action"),
        )
        self.assertEqual(report.state, "sent")

    def _receive_enquiry(self, prop):
        mail = EmailMessage()
        mail["From"] = "Sam Seeker <sam@example.com>"
        mail["To"] = "office@example.com"
        mail["Subject"] = f"Your offer {prop.reference}"
        mail["Message-ID"] = "<spine@example.com>"
        mail.set_content(f"Is {prop.reference} still free?\n\nSam Seeker")
        self.env["mail.thread"].message_process(
            "estate.intake.message",
            bytes(mail),
            custom_values={"source_id": self.enquiries.id},
        )
        with self.enter_registry_test_mode():
            self.env.ref(
                "crm_real_estate.ir_cron_process_intake"
            ).method_direct_trigger()
