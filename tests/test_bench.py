"""Each benchmark at one hundredth of its size: are its results right?"""

import sys
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

BENCH = Path(__file__).parent.parent / "bench"


@tagged("post_install", "-at_install", "crm_real_estate")
class TestBenchmarks(TransactionCase):
    def test_the_import_creates_all_once_and_nothing_again(self):
        with patch.object(sys, "path", [str(BENCH), *sys.path]):
            bench = import_module("bench_import")
        first, again, bare, memory, writes = bench.run(self.env, bench.OBJECTS // 100)
        self.assertEqual(writes, 0)
        self.assertLess(again.queries, first.queries)
        self.assertTrue(bare.queries)
        self.assertLess(memory, 200)

    def test_territories_agree_with_both_peers(self):
        with patch.object(sys, "path", [str(BENCH), *sys.path]):
            bench = import_module("bench_territories")
        figures = bench.run(self.env, bench.PROPERTIES // 100, bench.AREAS // 100)
        self.assertTrue(figures["pairs"])
        self.assertLess(figures["ours"].queries, 60)
