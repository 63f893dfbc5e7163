"""A wrong entry of the journal stays, and counts no more."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common import NOW
from .journal import JournalCase


@tagged("post_install", "-at_install")
class TestCorrections(JournalCase):
    def setUp(self):
        super().setUp()
        self._log(self.lead, "letter", summary="to the wrong one")
        self.row = self._get_new_rows().filtered(lambda r: r.type_code == "letter")

    def _correct(self, user, row=None):
        """Press the button of an entry and fill in the form it opens."""
        action = (row or self.row).with_user(user).action_correct()
        wizard = (
            self.env[action["res_model"]]
            .with_user(user)
            .with_context(**action["context"])
        )
        with Form(wizard) as form:
            form.reason = "It was another client"
        form.record.action_apply()

    def _get_valid(self):
        valid = self.env["estate.interaction"]._get_valid_domain()
        return self.env["estate.interaction"].search(valid)

    def test_a_corrected_entry_leaves_every_figure_and_stays(self):
        self._correct(self.agent)
        correction = self.row.correction_ids
        self.assertEqual(correction.summary, "It was another client")
        self.assertEqual(correction.lead_id, self.lead)
        self.assertEqual(self.row.summary, "to the wrong one")
        self.assertFalse(self._get_valid() & (self.row | correction))

    def test_an_entry_that_nobody_corrected_counts(self):
        self.assertIn(self.row, self._get_valid())

    def test_a_manager_may_correct_and_a_colleague_may_not(self):
        with self.assertRaises(AccessError):
            self._correct(self.second_agent)
        self._correct(self.manager)
        self.assertTrue(self.row.correction_ids)

    def test_a_correction_is_not_corrected(self):
        self._correct(self.agent)
        with self.assertRaises(UserError):
            self._correct(self.manager, self.row.correction_ids)
        with self.assertRaises(ValidationError):
            self.row.correction_ids._correct("again")

    def test_when_it_happened_is_not_when_it_was_told(self):
        self._log(self.lead, "meeting", occurred_at=NOW)
        row = (
            self._get_new_rows()
            .sorted("id")
            .filtered(lambda r: r.type_code == "meeting")
        )
        self.assertEqual(row.occurred_at, NOW)
        self.assertNotEqual(row.create_date, NOW)
