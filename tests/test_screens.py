"""Every screen of the app opens for everybody who has it in his menus."""

import logging
from contextlib import contextmanager
from pathlib import Path

from odoo.tests import HttpCase, tagged

from . import agency_at_work
from .common import EstateCase
from .small_world import create_world

VISIT = Path(__file__).parents[1] / "static/tests/visit_screens.js"


class _Warnings(logging.Handler):
    """Collects what the server complains about; the browser tells its own errors."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        if not record.name.endswith(".browser"):
            self.lines.append(
                f"{record.levelname} {record.name}: {self.format(record)}"
            )


@tagged("tours")
class TestScreens(EstateCase, HttpCase):
    """One walk through all menus for each role, records in every list."""

    browser_size = "1400x900"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        create_world(cls.env, cls.company, cls.agent)
        agency = cls("test_screens_of_an_operator")
        agency_at_work._show_properties(agency)
        agency_at_work._ring_owners(agency)

    @contextmanager
    def _hear_warnings(self):
        handler = _Warnings()
        logging.getLogger().addHandler(handler)
        try:
            yield handler.lines
        finally:
            logging.getLogger().removeHandler(handler)

    def _visit(self, user, filters=False):
        """Open all screens of `user`, and choose all filters of theirs if wished."""
        code = f"window.isFilterVisited = {str(filters).lower()};"
        errors = []
        with self._hear_warnings() as warnings:
            try:
                self.browser_js(
                    "/odoo/my-day",
                    code + VISIT.read_text(),
                    "odoo.isReady",
                    login=user.login,
                    timeout=400,
                    # All of them are told in the end, not the first alone.
                    error_checker=errors.append,
                )
            except AssertionError as error:
                errors = errors or [str(error)]
        if told := errors + warnings:
            self.fail("\n\n".join(told))

    def test_screens_of_an_operator(self):
        self._visit(self.operator)

    def test_screens_of_an_agent(self):
        self._visit(self.agent, filters=True)

    def test_screens_of_an_office_manager(self):
        self._visit(self.manager)

    def test_screens_of_a_director(self):
        self._visit(self.director)

    def test_screens_of_who_has_the_settings(self):
        user = self._create_user("settings", "group_settings")
        self._visit(user)
