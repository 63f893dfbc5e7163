"""Factories: an agency with a call centre, an office, and what happens there."""

from datetime import datetime
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

# A Wednesday, 10:00 in Prague: the office is open.
NOW = datetime(2026, 3, 4, 9, 0)


@tagged("post_install", "-at_install", "crm_real_estate")
class EstateCase(TransactionCase):
    """An agency in Prague: operators, agents, a manager; silent mail.

    `cls.operator`, `cls.second_operator` are members of `cls.call_centre`; `cls.agent`,
    `cls.second_agent` of `cls.office`; one rule for each step of the distribution.
    """

    # Mails of alerts take their time to render: who reads them says so.
    with_alert_mail = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context={
                **cls.env.context,
                "tracking_disable": True,
                "no_reset_password": True,
                "mail_notify_force_send": False,
            }
        )
        cls._create_agency()

    @classmethod
    def _create_agency(cls):
        """Create offices, people and rules in `cls.env`."""
        cls.company = cls.env.company
        cls.company.country_id = cls.env.ref("base.cz")
        # Tests run at any hour of the day; who tests quiet hours sets them.
        cls.company.write({"estate_quiet_from": 0, "estate_quiet_to": 0})
        cls.calendar = cls._create_calendar()
        cls.company.resource_calendar_id = cls.calendar
        cls.call_centre = cls._create_team("Call centre")
        cls.office = cls._create_team("Office Prague")
        # In one stroke: every class of tests begins with them.
        people = {
            "operator": ("operator", "group_operator", cls.call_centre),
            "second_operator": ("operator2", "group_operator", cls.call_centre),
            "agent": ("agent", "group_agent", cls.office),
            "second_agent": ("agent2", "group_agent", cls.office),
            "manager": ("manager", "group_office_manager", None),
            "director": ("director", "group_director", None),
        }
        users = cls._create_users(people.values())
        for name, user in zip(people, users, strict=True):
            setattr(cls, name, user)
        cls.env["estate.dispatch.rule"].search([]).active = False
        cls.rules = {
            step: cls._create_rule(step, team)
            for step, team in (
                ("first_call", cls.call_centre),
                ("agent", cls.office),
                ("enquiry", cls.office),
            )
        }

    # === PEOPLE ===

    @classmethod
    def _create_calendar(cls, tz="Europe/Prague", **values):
        """Business hours Monday to Friday, 9 to 12 and 13 to 18."""
        hours = [("morning", 9, 12), ("afternoon", 13, 18)]
        return cls.env["resource.calendar"].create(
            {
                "name": "Office hours",
                "tz": tz,
                "attendance_ids": [
                    Command.create(
                        {
                            "name": period,
                            "dayofweek": str(day),
                            "hour_from": start,
                            "hour_to": stop,
                            "day_period": period,
                        }
                    )
                    for day in range(5)
                    for period, start, stop in hours
                ],
                **values,
            }
        )

    @classmethod
    def _create_team(cls, name, **values):
        return cls.env["crm.team"].create(
            {"name": name, "is_estate_office": True, **values}
        )

    @classmethod
    def _create_user(
        cls, login, group=None, team=None, levels=("company", "company"), **values
    ):
        """Somebody with a role, who sees owners and seekers as far as `levels` say."""
        return cls._create_users([(login, group, team)], levels, **values)

    @classmethod
    def _create_users(cls, people, levels=("company", "company"), **values):
        """Create users of whom each is (login, group, team)."""
        people = list(people)
        vals_list = [
            {
                "name": login.capitalize(),
                "login": f"estate-{login}",
                "email": f"{login}@agency.example.com",
                "tz": "Europe/Prague",
                "group_ids": [Command.set(cls._get_groups(group, levels).ids)],
                "estate_alert_mail": cls.with_alert_mail,
                **values,
            }
            for login, group, _team in people
        ]
        # Odoo would draw a picture of each and store it in five sizes.
        contacts = cls.env.registry["res.partner"]
        with patch.object(contacts, "_avatar_generate_svg", lambda self: False):
            users = cls.env["res.users"].create(vals_list)
        cls.env["crm.team.member"].create(
            [
                {"crm_team_id": team.id, "user_id": user.id}
                for user, (_login, _group, team) in zip(users, people, strict=True)
                if team
            ]
        )
        return users

    @classmethod
    def _get_groups(cls, role, levels):
        """Return the groups of a role and of the levels on offer and demand side."""
        if not role:
            return cls.env.ref("base.group_user")
        names = [role]
        names += [
            f"group_{side}_{level}"
            for side, level in zip(("offer", "demand"), levels, strict=True)
            if level != "none"
        ]
        return cls.env["res.groups"].union(
            *(cls.env.ref(f"crm_real_estate.{name}") for name in names)
        )

    @classmethod
    def _create_rule(cls, step, team, **values):
        return cls.env["estate.dispatch.rule"].create(
            {"name": f"{step} rule", "step": step, "team_id": team.id, **values}
        )

    @classmethod
    def _create_contact(cls, name="Olga Novák", **values):
        number = cls.env["res.partner"].search_count([]) % 1000
        return cls.env["res.partner"].create(
            {
                "name": name,
                "estate_kind": "standard",
                "email": f"contact{number}@example.com",
                "phone": f"+420 777 123 {number:03d}",
                "country_id": cls.env.ref("base.cz").id,
                **values,
            }
        )

    # === PROPERTIES AND LEADS ===

    @classmethod
    def _create_property(cls, **values):
        """A complete apartment for sale in Prague; `owner_ids` takes records or ids."""
        owners = values.pop("owner_ids", None)
        if owners is None:
            owners = cls._create_contact("Olga Owner")
        return cls.env["estate.property"].create(
            {
                "deal_type": "sale",
                "type_id": cls.env.ref(
                    "crm_real_estate.estate_property_type_apartment"
                ).id,
                "street": "Dlouhá 1",
                "zip": "110 00",
                "city": "Praha",
                "price": 5_000_000,
                "living_area": 62,
                "room_count": 3,
                "owner_ids": [Command.set(owners.ids)],
                **values,
            }
        )

    @classmethod
    def _create_owner_lead(cls, prop=None, **values):
        """The lead of an owner listing as the intake makes it, distributed by rules."""
        prop = prop or cls._create_property()
        lead = prop._create_owner_leads()
        if values:
            lead.write(values)
        return lead

    @classmethod
    def _create_seeker_lead(cls, prop=None, partner=None, **values):
        prop = prop or cls._create_property(state="on_market")
        partner = partner or cls._create_contact("Sam Seeker")
        return cls.env["crm.lead"].create(
            {
                "name": "Enquiry",
                "lead_role": "seeker",
                "property_id": prop.id,
                "partner_id": partner.id,
                "user_id": cls.agent.id,
                "team_id": cls.office.id,
                **values,
            }
        )

    @classmethod
    def _create_viewing(cls, lead=None, start=NOW, **values):
        lead = lead or cls._create_seeker_lead()
        return cls.env["estate.viewing"].create(
            {"lead_id": lead.id, "start": start, "agent_id": cls.agent.id, **values}
        )

    @classmethod
    def _create_seeker_leads(cls, prop, count):
        """As many enquiries about a property, each of a seeker of its own."""
        return cls.env["crm.lead"].union(
            *(
                cls._create_seeker_lead(
                    prop,
                    cls._create_contact(f"Seeker {n}", email=f"seeker{n}@example.com"),
                )
                for n in range(count)
            )
        )

    # === DOORS ===

    def _log(self, lead, code, user=None, **values):
        """Log an action by hand, through the wizard a person uses."""
        wizard = (
            self.env["estate.interaction.log"]
            .with_user(user or self.agent)
            .create(
                {
                    "lead_id": lead.id,
                    "partner_id": lead.partner_id.id,
                    "property_id": lead.property_id.id,
                    "type_id": self.env["estate.interaction.type"]._get(code).id,
                    **values,
                }
            )
        )
        wizard.action_log()

    def _phase(self, pipeline, number):
        return self.env.ref(f"crm_real_estate.crm_stage_{pipeline}_{number}")

    def _codes(self, record):
        """Return the interaction codes of a record's journal, oldest first."""
        return record.interaction_ids.sorted("id").mapped("type_code")
