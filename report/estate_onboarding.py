from odoo import api, models
from odoo.fields import Domain
from odoo.tools import config

MODULE = "crm_real_estate"


class Onboarding(models.AbstractModel):
    """The first steps of a director after installation, as a box of his day.

    Each step is done when the data say so; nothing here writes. The box goes when all
    steps are done, or when the director removes it.
    """

    _inherit = "estate.my.day"

    @api.model
    def _get_boxes(self):
        return [*super()._get_boxes(), ("onboarding", 0, "_prepare_onboarding_box")]

    @api.model
    def _get_optional_boxes(self):
        boxes = super()._get_optional_boxes()
        if not self._is_director():
            return boxes
        return boxes | {"onboarding": self.env._("First steps")}

    @api.model
    def _is_shown(self, code, chosen):
        if code == "onboarding" and not self._is_director():
            return False
        return super()._is_shown(code, chosen)

    @api.model
    def _is_director(self):
        return self.env.user.has_group(f"{MODULE}.group_director")

    @api.model
    def _prepare_onboarding_box(self):
        steps = [
            self._prepare_step("office", *self._get_office_step()),
            self._prepare_step("people", *self._get_people_step()),
            self._prepare_step("territory", *self._get_territory_step()),
            self._prepare_step("intake", *self._get_intake_step()),
            self._prepare_step("listing", *self._get_listing_step()),
        ]
        left = [step for step in steps if not step["is_done"]]
        if not left:
            return None
        return {"count": len(left), "steps": steps, "action": left[0]["action"]}

    @api.model
    def _prepare_step(self, code, title, text, is_done, action):
        if isinstance(action, str):
            action = self.env["ir.actions.actions"]._for_xml_id(action)
        return {
            "code": code,
            "title": title,
            "text": text,
            "is_done": bool(is_done),
            "action": action,
        }

    # === STEPS ===

    @api.model
    def _get_offices(self):
        return self.env["crm.team"].search(
            Domain("is_estate_office", "=", True)
            & Domain("company_id", "in", (False, self.env.company.id))
        )

    @api.model
    def _get_office_step(self):
        offices = self._get_offices()
        calendars = [office._get_business_calendar() for office in offices]
        is_done = any(
            calendar.tz and offices._has_fixed_hours(calendar) for calendar in calendars
        )
        return (
            self.env._("Offices"),
            self.env._("With their business hours and time zone."),
            is_done,
            f"{MODULE}.crm_team_action_estate",
        )

    @api.model
    def _get_people_step(self):
        group = self.env.ref(f"{MODULE}.group_member")
        # sudo: crm.team.member - only whether somebody works in an office is read
        members = self.env["crm.team.member"].sudo()
        is_done = members.search_count(
            Domain("crm_team_id", "in", self._get_offices().ids)
            & Domain("user_id.all_group_ids", "in", group.ids),
            limit=1,
        )
        return (
            self.env._("People"),
            self.env._("Who does what, and in which office."),
            is_done,
            f"{MODULE}.estate_onboarding_action",
        )

    @api.model
    def _get_territory_step(self):
        mine = [("company_id", "in", (False, self.env.company.id))]
        return (
            self.env._("Territories"),
            self.env._("The sectors of your market."),
            self.env["estate.territory"].search_count(mine, limit=1),
            f"{MODULE}.estate_territory_action",
        )

    @api.model
    def _get_intake_step(self):
        # sudo: ir.mail_server - only whether there is one is read
        servers = self.env["ir.mail_server"].sudo()
        sends = servers.search_count([], limit=1) or (
            config.get("smtp_server") not in (None, False, "", "localhost")
        )
        sources = self.env["estate.intake.source"]
        has_source = sources.search_count(
            [("company_id", "=", self.env.company.id)], limit=1
        )
        is_admin = self.env.user.has_group("base.group_system")
        action = f"{MODULE}.estate_intake_source_action"
        if has_source and not sends and is_admin:
            action = "base.action_ir_mail_server_list"
        return (
            self.env._("Mail and intake"),
            self.env._("An outgoing mail server, and where listings come from."),
            sends and has_source,
            action,
        )

    @api.model
    def _get_listing_step(self):
        properties = self.env["estate.property"]
        mine = [("company_id", "=", self.env.company.id)]
        action = self.env["ir.actions.actions"]._for_xml_id(
            f"{MODULE}.estate_property_action"
        )
        views = [view for view in action["views"] if view[1] == "form"]
        # As one that just came in: Checked begins its acquisition.
        context = {"default_state": "draft"}
        return (
            self.env._("First listing"),
            self.env._("Enter it with its owner and press Checked: your first lead."),
            properties.with_context(active_test=False).search_count(mine, limit=1),
            {**action, "views": views, "view_mode": "form", "context": context},
        )
