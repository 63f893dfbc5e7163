"""Owner leads that come in while the office is open, for tests of the distribution."""

from collections import Counter

from odoo.tests import Form, freeze_time

from .common import NOW, EstateCase


class DispatchCase(EstateCase):
    """Owner leads that come in while the office is open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls._create_user("admin", "group_settings")

    def setUp(self):
        super().setUp()
        self.startPatcher(freeze_time(NOW))

    @classmethod
    def _enter(cls, count=1, **values):
        """Add owner listings as the intake does, all at once; return their leads."""
        return cls._create_properties(count, **values)._create_owner_leads()

    @classmethod
    def _create_properties(cls, count, **values):
        owners = cls.env["res.partner"].create(
            [
                {"name": f"Owner {number}", "estate_kind": "draft"}
                for number in range(count)
            ]
        )
        return cls.env["estate.property"].create(
            [
                {"deal_type": "sale", "city": "Praha", "owner_ids": owner.ids, **values}
                for owner in owners
            ]
        )

    @classmethod
    def _get_member(cls, user):
        return user.crm_team_member_ids

    def _set_criteria(self, user, **values):
        """Say on the form of a membership what somebody takes."""
        member = self._get_member(user).with_user(self.admin)
        with Form(member, view="sales_team.crm_team_member_view_form") as form:
            for name, value in values.items():
                if name.endswith("_ids"):
                    form[name].clear()
                    for record in value:
                        form[name].add(record)
                else:
                    form[name] = value

    def _add_operators(self, count):
        return self.env["res.users"].union(
            *(
                self._create_user(f"extra{number}", "group_operator", self.call_centre)
                for number in range(count)
            )
        )

    def _shares(self, leads):
        return Counter(leads.mapped(lambda lead: lead.user_id.login or None))

    def _get_reason(self, lead, user):
        return lead.decision_ids.reasons["left_out"].get(str(user.id))
