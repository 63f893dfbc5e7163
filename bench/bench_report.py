"""Activity reports as PDF: the time that is ours, beside that of wkhtmltopdf.

Usage: ./dev bench report [--quick]. Reports of owners with 20 rows of the journal are
printed one by one, as the job does it. What is asked: at most 20 % of the whole passes
outside wkhtmltopdf. The peer is wkhtmltopdf itself with the same document.
"""

import sys
import time
from unittest.mock import patch

from bench_report_prepare import make
from measure import environment, result, table
from reporting_world import prepare

from odoo.addons.base.models.ir_actions_report import IrActionsReport

REPORTS = 20
EVENTS = 20
MOST_SHARE = 0.2


class Meter:
    """Seconds that pass inside wkhtmltopdf."""

    def __init__(self):
        self.seconds = 0
        self.documents = 0
        self._original = IrActionsReport._run_wkhtmltopdf

    def run(self, *arguments, **options):
        before = time.perf_counter()
        try:
            return self._original(*arguments, **options)
        finally:
            self.seconds += time.perf_counter() - before
            self.documents += 1


def print_all(reports):
    """Print these reports one by one; return (whole seconds, meter)."""
    meter = Meter()

    def run(self, *arguments, **options):
        return meter.run(self, *arguments, **options)

    before = time.perf_counter()
    with patch.object(IrActionsReport, "_run_wkhtmltopdf", run):
        for report in reports:
            # As the job: each report is read anew.
            report.env.flush_all()
            report.env.invalidate_all()
            report.with_context(force_report_rendering=True)._print()
    return time.perf_counter() - before, meter


def run(env, count):
    prepare(env, count + 1, EVENTS)
    reports = make(env)
    # The first fills the caches of a server at work.
    print_all(reports[0])
    whole, meter = print_all(reports[1:])
    assert meter.documents == count, f"{meter.documents} documents of {count}"
    for report in reports:
        content = report.pdf_attachment_id.raw
        assert content.startswith(b"%PDF"), content[:20]
    return whole, meter


def main(arguments):
    count = REPORTS // 5 if "--quick" in arguments else REPORTS
    with environment() as env:
        whole, meter = run(env, count)
    outside = whole - meter.seconds
    table(
        [
            ("report", "seconds each", "share"),
            ("whole", f"{whole / count:.3f}", "100 %"),
            (
                "wkhtmltopdf",
                f"{meter.seconds / count:.3f}",
                f"{meter.seconds / whole:.0%}",
            ),
            ("outside", f"{outside / count:.3f}", f"{outside / whole:.0%}"),
        ]
    )
    result(
        "report",
        whole / meter.seconds,
        reports=count,
        outside_share=f"{outside / whole:.3f}",
        most_share=MOST_SHARE,
    )
    assert outside / whole <= MOST_SHARE, "too slow"


if __name__ == "__main__":
    main(sys.argv[1:])
