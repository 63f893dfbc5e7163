"""An invitation is a file that mail programs read."""

from datetime import datetime

import vobject
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..tools.ical import Appointment, build_file

NOW = datetime(2026, 3, 4, 9, 0)
TEXT = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=120
)


def build(summary="Viewing: House; garden, pool", **values):
    return build_file(
        Appointment(
            uid="estate-viewing-1",
            sequence=2,
            start=datetime(2026, 3, 5, 9, 0),
            stop=datetime(2026, 3, 5, 9, 30),
            summary=summary,
            location="Dlouhá 1, 110 00 Praha",
            organizer=("Ann Agent", "ann@agency.example.com"),
            attendee=('Sam "the man" Seeker', "sam@example.com"),
            **values,
        ),
        NOW,
    )


@tagged("post_install", "-at_install", "crm_real_estate")
class TestInvitationFile(BaseCase):
    def test_a_mail_program_reads_it(self):
        calendar = vobject.readOne(build().decode())
        event = calendar.vevent
        self.assertEqual(calendar.method.value, "REQUEST")
        self.assertEqual(event.summary.value, "Viewing: House; garden, pool")
        self.assertEqual(event.location.value, "Dlouhá 1, 110 00 Praha")
        self.assertEqual(event.dtstart.value.replace(tzinfo=None).hour, 9)
        self.assertEqual(event.attendee.value, "mailto:sam@example.com")
        self.assertEqual(len(event.contents["attendee"]), 1)

    def test_one_that_is_called_off_says_so(self):
        calendar = vobject.readOne(build(is_cancelled=True).decode())
        self.assertEqual(calendar.method.value, "CANCEL")
        self.assertEqual(calendar.vevent.status.value, "CANCELLED")

    @settings(derandomize=True, max_examples=100, deadline=None)
    @given(TEXT)
    def test_any_text_comes_back_in_lines_that_are_short_enough(self, text):
        data = build(summary=text)
        for line in data.split(b"\r\n"):
            self.assertLessEqual(len(line), 75)
        event = vobject.readOne(data.decode()).vevent
        self.assertEqual(event.summary.value, text)
