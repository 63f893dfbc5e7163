"""Every screen of the app opens for everybody who has it in his menus."""

import logging
from contextlib import contextmanager
from pathlib import Path

from odoo.tests import Form, HttpCase, tagged

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
        self._visit(self.operator, filters=True)

    def test_screens_of_an_agent(self):
        self._visit(self.agent, filters=True)

    def test_screens_of_an_office_manager(self):
        self._visit(self.manager)

    def test_screens_of_a_director(self):
        self._visit(self.director)

    def test_screens_of_who_has_the_settings(self):
        user = self._create_user("settings", "group_settings")
        self._visit(user, filters=True)

    def test_screens_of_an_administrator(self):
        self._visit(self.env.ref("base.user_admin"))


class TestOdoosScreens(EstateCase):
    """Screens of Odoo itself that our people meet lead them to our leads."""

    def test_the_card_of_an_office_opens_its_leads(self):
        lead = self._create_seeker_lead()
        action = self.office.with_user(self.manager).action_primary_channel_button()
        leads = self.env["crm.lead"].with_user(self.manager).search(action["domain"])
        self.assertIn(lead, leads)
        self.assertEqual(
            action["context"]["search_default_team_id"], self.office.id, action
        )

    def test_who_is_no_member_gets_the_pipeline_of_odoo(self):
        sales = [(4, self.env.ref("sales_team.group_sale_salesman").id)]
        outsider = self._create_user("outsider", group_ids=sales)
        own = self.env["crm.team"].create({"name": "Sales"})
        for team in (self.office, own):
            action = team.with_user(outsider).action_primary_channel_button()
            self.assertIn("pipeline", str(action.get("domain")), team.name)

    def test_a_won_phase_is_made_by_hand_without_a_warning(self):
        form = Form(self.env["crm.stage"], "crm_real_estate.crm_stage_view_form_estate")
        form.name, form.pipeline, form.phase_number = "Keys are lent", "sale", 99
        with self.assertNoLogs("odoo.tests.form", "WARNING"):
            form.is_won = True
        self.assertTrue(form.save().is_won)
