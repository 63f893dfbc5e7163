"""People of every role, for tests of rights."""

from odoo.fields import Command

from .common import EstateCase


class AccessCase(EstateCase):
    """One person of each role, and people who have nothing to do with us."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {
            "none": cls._create_user("none"),
            "operator": cls.operator,
            "agent": cls.agent,
            "office_manager": cls.manager,
            "director": cls.director,
            "settings": cls._create_user("settings", "group_settings"),
            "portal": cls._create_user(
                "portal", group_ids=cls._group("base.group_portal")
            ),
            "sales": cls._create_user(
                "sales",
                group_ids=cls._group("sales_team.group_sale_salesman_all_leads"),
            ),
        }

    @classmethod
    def _group(cls, name):
        return [Command.set(cls.env.ref(name).ids)]

    def _may(self, record, operation, role):
        return record.with_user(self.people[role]).has_access(operation)
