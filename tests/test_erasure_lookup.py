"""Odoo's own look-up of a person leads to our erasure, and past none of its fences."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import EstateCase


@tagged("post_install", "-at_install")
class TestPrivacyLookup(EstateCase):
    def _look_up(self, name, email):
        """Look a person up as an administrator does; return what was found.

        Odoo installs the look-up by itself wherever mail is, so with us, too.
        """
        wizards = self.env["privacy.lookup.wizard"]
        wizard = wizards.create({"name": name, "email": email})
        wizard.action_lookup()
        return wizard.line_ids

    def _get_line(self, lines, record):
        return lines.filtered(
            lambda line: (line.res_model, line.res_id) == (record._name, record.id)
        )

    def test_who_has_a_history_is_erased_and_not_deleted(self):
        """M124: the administrator is told what to do; the history stays whole."""
        contact = self._create_contact("Sam Seeker")
        self._create_seeker_lead(partner=contact)
        contact._record_consent("denied", "test", ("email",))
        name, email = contact.name, contact.email
        lines = self._look_up(name, email)
        person = self._get_line(lines, contact)
        with self.assertRaisesRegex(UserError, "ask a director to erase"):
            person.action_unlink()
        for row in (contact.interaction_ids[:1], contact.consent_ids[:1]):
            with self.subTest(row._name), self.assertRaisesRegex(UserError, "history"):
                self._get_line(lines, row).action_unlink()
        self.assertTrue(contact.exists())
        # What the sentence names does it: nothing is found any more.
        name, email = contact.name, contact.email
        contact._erase_personal_data("Asked by mail")
        wizard = self.env["privacy.lookup.wizard"].create(
            {"name": name, "email": email}
        )
        wizard.action_lookup()
        self.assertFalse(self._get_line(wizard.line_ids, contact))

    def test_who_has_no_history_is_deleted(self):
        """M124: the twin: of whom nothing is kept, nothing stands in the way."""
        contact = self._create_contact("Nobody yet")
        self.assertFalse(contact.interaction_ids)
        lines = self._look_up(contact.name, contact.email)
        self._get_line(lines, contact).action_unlink()
        self.assertFalse(contact.exists())
