"""Each benchmark at one hundredth of its size: are its results right?"""

import sys
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from .databases import DatabaseCase, get_module_template

BENCH = Path(__file__).parent.parent / "bench"


@tagged("post_install", "-at_install", "crm_real_estate")
class TestBenchmarks(TransactionCase):
    def test_the_import_creates_all_once_and_nothing_again(self):
        bench = self._import("bench_import")
        first, again, bare, memory, writes = bench.run(self.env, bench.OBJECTS // 100)
        self.assertEqual(writes, 0)
        self.assertLess(again.queries, first.queries)
        self.assertTrue(bare.queries)
        self.assertLess(memory, 200)

    def test_all_mails_of_a_portal_are_enquiries_and_odoo_takes_twenty(self):
        """T1: the others of one sender are bounced by Odoo's own alias."""
        bench = self._import("bench_mails")
        *_seconds, theirs, bounced = bench.run(self.env, bench.MAILS // 20)
        self.assertEqual((theirs, bounced), (20, 5))

    def _import(self, name):
        with patch.object(sys, "path", [str(BENCH), *sys.path]):
            return import_module(name)

    def test_the_engine_chooses_the_right_member_and_writes_nothing(self):
        bench = self._import("bench_dispatch_engine")
        ours, _odoo = bench.run(self.env, bench.LEADS // 100)
        self.assertLess(ours.queries, 40)

    def test_a_distribution_with_all_that_comes_of_it_takes_few_queries(self):
        bench = self._import("bench_dispatch_full")
        few, _odoo = bench.run(self.env, bench.LEADS // 100)
        self.assertTrue(few.queries)

    def test_a_night_moves_few_scores_of_those_that_the_first_one_set(self):
        bench = self._import("bench_reliability")
        count = bench.CONTACTS // 100
        _best, rated, changed = bench.run(self.env, count)
        self.assertGreaterEqual(rated, count)
        self.assertLess(changed, rated)

    def test_matches_are_those_of_the_bare_statement(self):
        bench = self._import("bench_match_all")
        _ours, _bare, pairs, _change = bench.run(
            self.env, bench.SEARCHES // 100, bench.PROPERTIES // 100
        )
        self.assertTrue(pairs)

    def test_one_property_finds_what_the_bare_statement_finds(self):
        bench = self._import("bench_match_one")
        _ours, _bare, pairs = bench.run(self.env, bench.SEARCHES // 100, 50, 5)
        self.assertTrue(pairs)

    def test_territories_agree_with_both_peers(self):
        bench = self._import("bench_territories")
        figures = bench.run(self.env, bench.PROPERTIES // 100, bench.AREAS // 100)
        self.assertTrue(figures["pairs"])
        self.assertLess(figures["ours"].queries, 60)

    def test_working_minutes_are_those_of_odoos_calendar(self):
        bench = self._import("bench_clock")
        ours, theirs = bench.run(self.env, bench.LEADS // 100)
        self.assertLess(ours.queries, theirs.queries)

    def test_the_response_report_counts_as_bare_sql_does(self):
        bench = self._import("bench_response_report")
        screen, _bare = bench.run(self.env, bench.LEADS // 100)
        self.assertLess(screen.queries, 60)

    def test_who_calls_is_found_among_many(self):
        """M79: each line finds its contact, as Odoo's own search does or better."""
        bench = self._import("bench_caller")
        figures = bench.run(self.env, bench.CONTACTS // 100)
        self.assertTrue(figures["pairs"])

    def test_my_day_counts_as_bare_sql_does_in_at_most_fifteen_queries(self):
        bench = self._import("bench_my_day")
        rows = bench.run(self.env, bench.LEADS // 100, bench.INTERACTIONS // 1000, 1)
        for person in ("agent", "operator"):
            self.assertLessEqual(rows[person][2], bench.MOST_QUERIES)

    def test_more_rows_of_the_journal_ask_for_no_more_queries(self):
        bench = self._import("bench_report_prepare")
        few, many, _bare = bench.run(self.env, 20)
        self.assertLessEqual(many.queries, few.queries)


def run_claims(env):
    """Run the benchmark of claims at one hundredth; return the number of claims."""
    sys.path.insert(0, str(BENCH))
    claims, _total, _seconds = import_module("bench_claims").run(env.registry, 100)
    return len(claims)


def run_viewings(env):
    """Let 60 seekers race for 10 places; return the number of bookings that ran."""
    sys.path.insert(0, str(BENCH))
    seconds, _total = import_module("bench_viewings").run(env.registry, 60, 10, 4)
    return len(seconds)


class TestBenchmarksOnRealConnections(DatabaseCase):
    def test_claims_have_one_winner_and_killed_jobs_lose_nothing(self):
        """M39, M115, M136: by real processes, two of the jobs are killed."""
        database = self._create_database(get_module_template())
        self.assertEqual(self._call(database, run_claims), 24)

    def test_as_many_get_a_place_as_there_are(self):
        """M118: of all who race at once, by real processes, some of them twice."""
        database = self._create_database(get_module_template())
        self.assertEqual(self._call(database, run_viewings), 66)
