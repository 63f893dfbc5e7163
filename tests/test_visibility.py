"""Who sees which contact: two sides, four levels, through every door."""

from functools import partial
from unittest.mock import patch

from werkzeug.exceptions import NotFound

from odoo.fields import Command
from odoo.http import Response
from odoo.tests import freeze_time, new_test_user

from odoo.addons.calendar.controllers.main import CalendarController
from odoo.addons.http_routing.tests.common import MockRequest

from ..models.party.res_partner_visibility import ELSEWHERE
from .common import NOW
from .visibility import VisibilityCase, get_expected

DOORS = (
    *("search", "list", "count", "name_search", "grouping", "read", "web_read"),
    *("export", "messages", "journal", "consents", "meetings", "writing", "posting"),
    "portal",
)


@freeze_time(NOW)
class TestVisibility(VisibilityCase):
    """Each cell of the matrix, with one company and with two."""

    maxDiff = None
    takes_long = True

    def _find_wrong(self, levels, companies, expected):
        """Return a line for each door that shows too many or too few."""
        user = self.watchers[levels]
        self._take_over(user)
        mine = self.env(
            user=user.id,
            context={**self.env.context, "allowed_company_ids": companies.ids},
        )
        contacts = self.everybody.with_env(mine)
        wrong = []
        for door in DOORS:
            self.env.invalidate_all()
            try:
                seen = getattr(self, f"_through_{door}")(contacts)
            except AssertionError as failure:
                wrong.append(f"{levels} {door}: {failure}")
                continue
            names = self._get_names(seen.with_env(self.env))
            if names != expected:
                more, less = sorted(names - expected), sorted(expected - names)
                wrong.append(f"{levels} {door}: shows {more}, hides {less}")
        return wrong

    def test_levels_and_sides_say_who_is_seen_through_every_door(self):
        """M87: the matrix of two sides and four levels."""
        self.everybody = self._tell()
        wrong = [
            line
            for levels in self.watchers
            for line in self._find_wrong(levels, self.company, get_expected(*levels))
        ]
        self.assertEqual("\n".join(wrong), "")

    def test_whether_companies_that_are_not_ticked_have_clients_is_asked_once(self):
        """M87: one query for all of them in a transaction; with all ticked none."""
        watcher = self.watchers["company", "company"]
        watcher.company_ids |= self.both
        contacts = self.env["res.partner"].with_user(watcher)
        one, every = (
            contacts.with_context(allowed_company_ids=companies.ids)
            for companies in (self.company, self.both)
        )
        self.assertTrue(one._has_business_elsewhere())
        self.assertFalse(every._has_business_elsewhere())
        self.env.cr.precommit.data.pop(ELSEWHERE)
        with self.assertQueryCount(1):
            for _again in range(3):
                one._has_business_elsewhere()
                every._has_business_elsewhere()

    def test_in_two_companies_those_of_the_ticked_ones_are_seen(self):
        """M87: the matrix again, with two companies ticked."""
        self.everybody = self._tell()
        most = [pair for pair in self.watchers if {*pair} <= {"none", "company"}]
        wrong = [
            line
            for levels in most
            for line in self._find_wrong(
                levels, self.both, get_expected(*levels, more=("foreign",))
            )
        ]
        self.assertEqual("\n".join(wrong), "")

    def test_a_client_with_a_login_opens_nobody_but_himself(self):
        """M87: no token opens contacts and enquiries, that of a meeting no other."""
        contacts = self._tell()
        client = self.contacts["demand office"]
        user = new_test_user(
            self.env, "client", "base.group_portal", partner_id=client.id
        )
        as_client = self.env(user=user.id)
        self.env.invalidate_all()
        seen = self._through_portal(contacts.with_env(as_client))
        self.assertEqual(self._get_names(seen.with_env(self.env)), {"demand office"})
        for model in ("res.partner", "crm.lead"):
            self.assertNotIn("access_token", self.env[model]._fields)
        guests = self.env["calendar.attendee"]
        mine, other = (
            guests.search([("partner_id", "=", contact.id)], limit=1)
            for contact in (client, self.contacts["offer own"])
        )
        with MockRequest(as_client) as asked:
            asked.make_response = Response
            asked.not_found.side_effect = NotFound
            show = partial(CalendarController().view_meeting, mine.access_token)
            self.assertIn(b"A meeting", show(mine.event_id.id).data)
            with self.assertRaises(NotFound):
                show(other.event_id.id)

    def test_what_a_list_found_is_not_looked_up_again_to_be_read(self):
        """M87: the rules are asked once; who loses a contact loses it at once."""
        watcher = self.watchers["own", "none"]
        contacts = self.env["res.partner"].with_user(watcher)
        mine = self.contacts["offer own"]
        among = [("id", "in", (mine | self.contacts["offer foreign"]).ids)]
        login = new_test_user(self.env, "o", "base.group_portal", partner_id=mine.id)
        logins = login.with_user(watcher)
        of_mine = [("partner_id", "in", mine.ids)]
        contacts.search(among).read(["phone"])
        self.env.invalidate_all()
        found = contacts.search(among)
        self.assertEqual(found, mine)
        # Odoo's rule of companies reads columns of the contact.
        found.sudo().fetch(["company_id", "partner_share"])
        with self.assertQueryCount(0):
            found.check_access("read")
        self.assertEqual(logins.search(of_mine), login)
        mine.owned_property_ids.filtered(
            lambda p: p.agent_id == watcher
        ).agent_id = self.stranger
        self.assertFalse(found.has_access("read"))
        self.assertFalse(contacts.search(among))
        self.assertFalse(logins.search(of_mine))

    def test_contacts_that_a_rule_of_others_opens_do_not_count_as_seen(self):
        """M87: who finds them thereby does not see what is told of them."""
        watcher = self.watchers["own", "none"]
        foreign = self.contacts["offer foreign"]
        foreign._record_consent("given", "test", ("email",))
        self.env["ir.rule"].create(
            {
                "name": "All contacts",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "groups": [
                    Command.set(self.env.ref("crm_real_estate.group_member").ids)
                ],
                "domain_force": "[(1, '=', 1)]",
            }
        )
        contacts = self.env["res.partner"].with_user(watcher)
        found = contacts.search([("id", "=", foreign.id)])
        self.assertEqual(found, foreign)
        self.assertFalse(found.is_estate_visible)
        self.assertFalse(found.sudo().is_estate_visible)

    def test_a_list_counts_as_many_as_it_shows_whoever_asks(self):
        """M87: pages and counts by other ways than the search give the same figures."""
        kinds = [("estate_kind", "!=", False)]
        for levels, user in self.watchers.items():
            contacts = self.env["res.partner"].with_user(user)
            self.env.invalidate_all()
            every = contacts.search(kinds)
            for limit, most in ((1, 10001), (2, 3), (3, None), (80, 2)):
                with self.subTest(levels=levels, limit=limit, most=most):
                    found = contacts.web_search_read(
                        kinds, {"name": {}}, offset=1, limit=limit, count_limit=most
                    )
                    page = every[1:][:limit].ids
                    self.assertEqual([row["id"] for row in found["records"]], page)
                    shown, length = len(page) + 1, len(every)
                    least = max(min(length, most or length), shown)
                    self.assertEqual(found["length"], least)
                    self.assertEqual(contacts.search_count(kinds), length)
                    some = contacts.search_count(kinds, limit=2)
                    self.assertEqual(some, min(length, 2))

    def test_who_is_not_visible_is_not_counted_as_if_he_were(self):
        """M87: contacts whom a user does not see are none of his."""
        hidden = [("estate_kind", "!=", False), ("is_estate_visible", "=", False)]
        for levels, user in self.watchers.items():
            contacts = self.env["res.partner"].with_user(user)
            with self.subTest(levels=levels):
                self.assertEqual(contacts.search_count(hidden, limit=1), 0)
                self.assertFalse(contacts.search(hidden))

    def test_who_left_an_office_sees_its_contacts_no_longer(self):
        """M87: Odoo archives his membership; the office sees none of his searches."""
        self._create_search("demand foreign", self.second_agent)
        offer, demand = self.watchers["office", "none"], self.watchers["none", "office"]
        for name, user, leaver in (
            ("demand foreign", demand, self.second_agent),
            ("offer office", offer, offer),
            ("demand office", demand, demand),
        ):
            contact = self.contacts[name].with_user(user)
            member = self.office.crm_team_member_ids.filtered(
                lambda member, leaver=leaver: member.user_id == leaver
            )
            for member.active in (True, False):
                self.env.invalidate_all()
                with self.subTest(name, is_member=member.active):
                    found = contact.search([("id", "=", contact.id)])
                    self.assertEqual(bool(found), member.active)
                    self.assertEqual(contact.has_access("read"), member.active)

    def test_who_is_in_no_office_is_shown_what_is_his_own(self):
        """M87: the level of offices is that of one's own, then."""
        kinds = [("estate_kind", "!=", False)]
        for levels in (("office", "none"), ("none", "office")):
            user = self.watchers[levels]
            user.crm_team_member_ids.unlink()
            contacts = self.env["res.partner"].with_user(user)
            self.env.invalidate_all()
            found = contacts.web_search_read(kinds, {"name": {}}, count_limit=10001)
            seen = contacts.browse([row["id"] for row in found["records"]])
            own = ["own" if level == "office" else "none" for level in levels]
            expected = get_expected(*own) - {"no kind", "created", "responsible"}
            with self.subTest(levels=levels):
                self.assertEqual(self._get_names(seen.with_env(self.env)), expected)
                self.assertEqual(found["length"], len(seen))

    def test_who_is_left_out_of_a_list_is_not_counted(self):
        """M87: and who is seen for several things is counted once."""
        away = self.env["res.company"].create({"name": "Agency Ostrava"})
        for place, values in (
            ("own", {"active": False}),
            ("office", {"estate_kind": False}),
            ("company", {"company_id": away.id}),
        ):
            for side in ("offer", "demand"):
                self.contacts[f"{side} {place}"].write(values)
        for name in ("agency", "free", "lead", "viewing"):
            self.contacts[name].active = False
        # Beside these.
        self._create_business("foreign", self.env.user, None, self.other_company)
        rule = self.env["ir.rule"].create(
            {
                "name": "Nobody with a name",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": "[('name', '=', False)]",
                "active": False,
            }
        )
        lists = "odoo.addons.crm_real_estate.models.party.res_partner_visible_list"
        with patch(f"{lists}.TIES_COUNTED", 100):
            self._check_counts()
            rule.active = True
            self._check_counts()

    def _check_counts(self):
        kinds = [("estate_kind", "!=", False)]
        for levels, user in self.watchers.items():
            contacts = self.env["res.partner"].with_user(user)
            self.env.invalidate_all()
            every = len(contacts.search(kinds))
            for limit in (every, every + 1):
                with self.subTest(levels=levels, limit=limit):
                    count = contacts.search_count(kinds, limit=limit)
                    self.assertEqual(count, every)
