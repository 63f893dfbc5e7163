"""Who sees which contact: two sides, four levels, through every door."""

from odoo.tests import freeze_time

from ..models.party.res_partner_visibility import ELSEWHERE
from .common import NOW
from .visibility import VisibilityCase, get_expected

DOORS = (
    *("search", "list", "count", "name_search", "grouping", "read", "web_read"),
    *("export", "messages", "journal", "consents", "meetings", "writing", "posting"),
)


@freeze_time(NOW)
class TestVisibility(VisibilityCase):
    """Each cell of the matrix, with one company and with two."""

    maxDiff = None

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
