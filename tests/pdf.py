"""Documents as wkhtmltopdf prints them and a person reads them."""

import re
import subprocess
from contextlib import contextmanager
from unittest import SkipTest
from unittest.mock import patch

from odoo.tests import BaseCase

from odoo.addons.base.models.ir_actions_report import IrActionsReport


class PdfCase(BaseCase):
    """A test of printed documents, beside a case that makes what they tell."""

    @contextmanager
    def _real_pdfs(self):
        """Make wkhtmltopdf print; a failure that Odoo turns into a skip stays one."""
        render = IrActionsReport._pre_render_qweb_pdf

        def render_for_real(report, *args, **kwargs):
            report = report.with_context(force_report_rendering=True)
            try:
                return render(report, *args, **kwargs)
            except SkipTest as skip:
                raise AssertionError("wkhtmltopdf failed") from skip

        with (
            self.allow_pdf_render(),
            patch.object(IrActionsReport, "_pre_render_qweb_pdf", render_for_real),
        ):
            yield

    def _read_pdf(self, content, *options):
        """Return the text of a PDF as a person sees it, a form feed after each page."""
        self.assertEqual(content[:5], b"%PDF-")
        return subprocess.run(
            ["pdftotext", "-layout", *options, "-", "-"],
            input=content,
            capture_output=True,
            check=True,
        ).stdout.decode()

    def _squeeze(self, text):
        """Return `text` with every run of white space as one space."""
        return re.sub(r"\s+", " ", text)
