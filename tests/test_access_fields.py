"""Fields that only members, or only the system, may write."""

from odoo import fields
from odoo.exceptions import AccessError, UserError

from .access import AccessCase


class TestFields(AccessCase):
    """What a client may not write, whatever it sends."""

    def _write(self, role, record, **values):
        record.with_user(self.people[role]).write(values)

    def test_sales_without_our_groups_make_no_lead_an_estate_lead(self):
        prop = self._create_property()
        own = self.env["crm.lead"].create(
            {"name": "Odoo's own", "user_id": self.people["sales"].id}
        )
        self._write("sales", own, name="Still Odoo's own")
        for values in (
            {"lead_role": "seeker", "deal_type": "sale"},
            {"property_id": prop.id},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                self._write("sales", own, **values)
        with self.assertRaises(AccessError):
            own.with_user(self.people["sales"]).create(
                {"name": "Ours", "lead_role": "seeker", "deal_type": "sale"}
            )

    def test_sales_without_our_groups_make_no_contact_one_of_the_agency(self):
        contact = self.env["res.partner"].create({"name": "Contact"})
        self._write("sales", contact, name="Contact of sales")
        with self.assertRaises(AccessError):
            self._write("sales", contact, estate_kind="draft")
        self._write("agent", contact, estate_kind="draft")

    def test_nobody_writes_by_hand_when_an_enquiry_came_in_or_how_often_was_rung(self):
        lead = self._create_seeker_lead()
        self._write("agent", lead, name="Worked on")
        for name, value in (
            ("received_at", fields.Datetime.now()),
            ("call_count", 7),
            ("call_series_start", 7),
            ("last_outcome_id", False),
            ("pipeline", "rent"),
        ):
            for role in ("agent", "director", "settings"):
                with self.subTest(name, role=role), self.assertRaises(AccessError):
                    self._write(role, lead, **{name: value})

    def test_the_inbox_keeps_what_arrived_and_people_only_say_what_it_is_about(self):
        source = self.env["estate.intake.source"].create(
            {"name": "Files", "company_id": self.company.id}
        )
        message = source._store("file", "listing.xml", b"<openimmo/>")
        prop = self._create_property()
        self._write("office_manager", message, property_id=prop.id)
        for values in ({"raw": False}, {"state": "done"}, {"attempts": 9}):
            with self.subTest(values), self.assertRaises(AccessError):
                self._write("settings", message, **values)

    def test_kinds_of_interactions_that_the_code_asks_for_are_never_deleted(self):
        kinds = self.env["estate.interaction.type"].with_user(self.people["settings"])
        shipped = kinds.search([], limit=1)
        with self.assertRaisesRegex(UserError, "Archive it"):
            shipped.unlink()
        shipped.active = False
        kinds.create({"name": "Drone flight", "code": "drone"}).unlink()
