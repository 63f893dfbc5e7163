"""What the tests of the journal share: a seeker's lead, and what is told of it."""

from odoo.addons.mail.tests.common import MailCase

from .common import EstateCase


class JournalCase(MailCase, EstateCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seeker = cls._create_contact("Sam Seeker", email="sam@example.com")
        cls.prop = cls._create_property(state="on_market", agent_id=cls.agent.id)
        cls.lead = cls._create_seeker_lead(cls.prop, cls.seeker)
        cls.lead.interaction_ids.flush_recordset()
        cls.before = cls.env["estate.interaction"].search([])

    def _get_new_rows(self):
        return self.env["estate.interaction"].search([], order="id") - self.before

    def _get_new_codes(self):
        """Return what was told since the set-up; moves of phases are told elsewhere."""
        rows = self._get_new_rows().sorted("id")
        return [code for code in rows.mapped("type_code") if code != "phase_move"]

    def _post(self, record, user=None, **values):
        """Post what somebody types into the chatter, by the call the chatter makes."""
        values = {
            "body": "Good day",
            "message_type": "comment",
            "subtype_xmlid": "mail.mt_comment",
            **values,
        }
        with self.mock_mail_gateway():
            return record.with_user(user or self.agent).message_post(**values)

    def _plan_task(self, record, kind="mail.mail_activity_data_todo", user=None):
        return record.activity_schedule(
            kind, summary="Think of him", user_id=(user or self.agent).id
        )
