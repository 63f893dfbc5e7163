"""When a person may be rung: the law of his country, in the queue and in the plan."""

from datetime import datetime, timedelta

from odoo.exceptions import ValidationError
from odoo.tests import Form, freeze_time, tagged

from .calls import CallCase
from .common import NOW


@tagged("calling_rules")
class CallingCase(CallCase):
    """An owner lead of `self.operator` in France, on a Wednesday at 10:00."""

    country = "base.fr"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with freeze_time(NOW):
            cls.lead.partner_id.country_id = cls.env.ref(cls.country)
            cls.rule = cls.env["estate.calling.rule"]._match(cls.lead)[cls.lead]
            cls.env.flush_all()

    def _note(self, code, lead=None, moment=None):
        if moment:
            self._set_clock(moment)
        lead = lead or self.lead
        lead.with_user(lead.user_id or self.operator).action_call_outcome(code)
        return lead.next_call_at

    def _get_card(self, lead=None):
        """Return the card of a due lead, as the operator's desktop shows it."""
        lead = lead or self.lead
        lead.next_call_at = datetime(2026, 3, 1)
        self.env.invalidate_all()
        queue = self.env["estate.call.queue"].with_user(self.operator).get_queue()
        return next(card for card in queue["cards"] if card["id"] == lead.id)


class TheShippedLaw(CallingCase):
    def test_france_wants_hours_holidays_attempts_silence_and_consent(self):
        """M119: decree 2022-1313 and law 2025-594, as data."""
        self.assertEqual((self.rule.most_attempts, self.rule.silence_days), (4, 60))
        self.assertTrue(self.rule.needs_consent and self.rule.consent_lifts_hours)

    def test_overseas_it_is_read_on_their_clocks(self):
        """M119: the calling window in the time zone of the person called."""
        self.lead.partner_id.country_id = self.env.ref("base.re")
        # 16:05 UTC is 20:05 on Reunion, and 9:00 is lunch there: 14:00 the next day.
        self.call_centre.resource_calendar_id = self._create_calendar("UTC")
        self.assertEqual(
            self._note("busy", moment=datetime(2026, 3, 4, 15, 50)),
            datetime(2026, 3, 5, 10, 0),
        )

    def test_germany_czechia_and_russia_want_a_consent_only(self):
        for code in ("de", "cz", "ru"):
            rule = self.env.ref(f"crm_real_estate.estate_calling_rule_{code}")
            self.assertTrue(rule.needs_consent)
            self.assertFalse(rule.most_attempts or rule.silence_days)

    def test_on_a_public_holiday_nobody_is_rung(self):
        """M119: Easter Monday 2026 is 6 April."""
        self.assertEqual(
            self._note("busy", moment=datetime(2026, 4, 3, 17, 0)),
            datetime(2026, 4, 7, 8, 0),
        )

    def test_holidays_that_cannot_be_read_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "Christmas is no holiday"):
            self.rule.public_holidays = "01-01, Christmas"

    def test_an_admin_writes_a_rule_in_its_form(self):
        settings = self._create_user("settings", "group_settings")
        rules = self.env["estate.calling.rule"].with_user(settings)
        with Form(rules) as form:
            form.name = "Austria, our way"
            form.country_id = self.env.ref("base.at")
            form.calendar_id = self.rule.calendar_id
            form.silence_days = 90
        self.lead.partner_id.country_id = self.env.ref("base.at")
        self._note("refused")
        lead = self._create_owner_lead(
            self._create_property(owner_ids=self.lead.partner_id)
        )
        self.assertEqual(lead.next_call_at.date(), (NOW + timedelta(90)).date())


class AfterARefusal(CallingCase):
    def test_sixty_days_are_silent_on_every_lead_of_the_person(self):
        """M119: a refusal ends calls for 60 days, also about another property."""
        self._note("refused")
        lead = self._create_owner_lead(
            self._create_property(owner_ids=self.lead.partner_id)
        )
        # The sixtieth day is a Sunday: Monday at 10:00 in Paris.
        self.assertEqual(lead.next_call_at, datetime(2026, 5, 4, 8, 0))
        self.assertRegex(self._get_card(lead)["closure"], "Closed until .*refusal")

    def test_who_asks_us_is_answered(self):
        self._note("refused")
        lead = self._create_seeker_lead(
            partner=self.lead.partner_id, user_id=self.operator.id
        )
        self.assertFalse(self._get_card(lead)["closure"])


class TheOtherPartOfTheDay(CallingCase):
    country = "base.at"

    def test_a_delay_of_a_day_leads_to_another_part_of_the_day(self):
        """M119: rung in the morning, again the next afternoon."""
        self.env["estate.call.outcome"]._get("busy").retry_minutes = "1440"
        self.assertEqual(self._note("busy"), datetime(2026, 3, 5, 12, 0))

    def test_a_shorter_delay_is_kept_to_the_minute(self):
        """M119: the twin, one minute less than a day."""
        self.env["estate.call.outcome"]._get("busy").retry_minutes = "1439"
        self.assertEqual(self._note("busy"), datetime(2026, 3, 5, 8, 59))


class TheMostAttemptsOfAll(CallingCase):
    country = "base.at"

    def test_after_so_many_attempts_of_any_outcome_the_lead_is_given_up(self):
        """M119: a global maximum, set in the settings."""
        self.company.estate_most_attempts = 3
        for code in ("busy", "no_answer"):
            self.assertTrue(self._note(code))
        self._note("busy")
        self.assertEqual(self.lead.lost_reason_id.name, "Not reached")

    def test_without_a_maximum_the_delays_of_each_outcome_count(self):
        self.company.estate_most_attempts = 0
        for code in ("busy", "no_answer", "busy", "no_answer", "busy", "no_answer"):
            self.assertTrue(self._note(code))


class WhyACallIsClosed(CallingCase):
    def test_the_card_says_why_and_until_when(self):
        """M119: outside the hours; the button is closed."""
        self._set_clock(datetime(2026, 3, 4, 12, 30))
        self.assertRegex(
            self._get_card()["closure"], "Closed until .*outside the hours of France"
        )

    def test_within_the_hours_nothing_is_closed(self):
        self.assertFalse(self._get_card()["closure"])

    def test_after_four_attempts_the_card_names_the_limit(self):
        self.env["estate.call.outcome"]._get("busy").retry_minutes = "15,15,15,15,15"
        for _time in range(4):
            self._note("busy")
        self.assertRegex(self._get_card()["closure"], "4 attempts in 30 days")

    def test_the_form_of_the_lead_says_the_same(self):
        self._set_clock(datetime(2026, 3, 4, 12, 30))
        form = Form(
            self.lead.with_user(self.operator),
            view="crm_real_estate.crm_lead_view_form_estate",
        )
        self.assertRegex(form.call_closure, "outside the hours of France")


class ConsentToBeCalled(CallingCase):
    def setUp(self):
        super().setUp()
        self.lead.intake_source_id = self.env["estate.intake.source"].create(
            {
                "name": "Advertisements",
                "contact_role": "owner",
                "owner_call_basis": "prospecting",
            }
        )

    def test_who_did_not_ask_is_not_called_without_a_consent(self):
        """M119: never planned, and both card and task say why."""
        self.assertFalse(self._note("busy"))
        self.assertIn("wants a consent", self.lead.activity_ids.summary)
        self.assertIn("wants a consent", self._get_card()["closure"])

    def test_a_consent_opens_the_calls_and_lifts_the_hours(self):
        self.lead.partner_id._record_consent("given", "Form", ("phone",), "prospecting")
        self.assertFalse(self._get_card()["closure"])
        # Closed for lunch in France, open in the office.
        self.assertEqual(
            self._note("busy", moment=datetime(2026, 3, 4, 12, 5)),
            datetime(2026, 3, 4, 12, 20),
        )

    def test_a_property_on_the_market_has_a_contract(self):
        self.lead.property_id.state = "on_market"
        self.assertFalse(self._get_card()["closure"])

    def test_who_asked_to_be_called_is_called(self):
        self.lead.intake_source_id.owner_call_basis = "asked"
        self.lead.call_basis = "asked"
        self.assertTrue(self._note("busy"))


class DoNotCall(CallingCase):
    country = "base.at"

    def setUp(self):
        super().setUp()
        self.phone = self.lead.partner_id.phone
        twin = self._create_contact("Otto Owner", phone=self.phone)
        self.other = self._create_owner_lead(self._create_property(owner_ids=twin))
        self.assertTrue(self.other.next_call_at)

    def test_the_number_is_blocked_everywhere(self):
        """M119: "do not call" ends all and blocks the number."""
        self._note("do_not_call")
        number = self.lead.partner_id.phone_sanitized
        self.assertTrue(self.env["phone.blacklist"].search([("number", "=", number)]))
        self.assertEqual(self.lead.won_status, "lost")

    def test_other_leads_with_the_number_leave_the_queue(self):
        """M119: nobody rings it about another property."""
        self._note("do_not_call")
        self.assertFalse(self.other.next_call_at)
        queue = self.env["estate.call.queue"].with_user(self.operator).get_queue()
        self.assertFalse(queue["cards"])

    def test_the_card_of_such_a_lead_is_closed_for_good(self):
        self._note("do_not_call")
        self.assertIn("Do not call", self._get_card(self.other)["closure"])

    def test_a_new_lead_with_the_number_is_never_planned(self):
        self._note("do_not_call")
        third = self._create_contact("Third Owner", phone=self.phone)
        lead = self._create_owner_lead(self._create_property(owner_ids=third))
        self.assertFalse(lead.next_call_at)

    def test_a_refusal_blocks_no_number(self):
        self._note("refused")
        self.assertTrue(self.other.next_call_at)
