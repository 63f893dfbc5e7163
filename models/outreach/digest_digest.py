from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..groups import MEMBERS

# The most lines that the mail gives to sectors and their people.
MOST_LINES = 15
ACTIONS = "crm_real_estate.estate_action_report_action"
# figure -> the action that a click in the mail opens
LINKS = {
    "kpi_estate_received": "crm_real_estate.estate_response_time_action",
    "kpi_estate_in_time": "crm_real_estate.estate_response_time_action",
    "kpi_estate_owner_leads": "crm_real_estate.estate_funnel_report_action",
    "kpi_estate_calls": ACTIONS,
    "kpi_estate_positive_calls": ACTIONS,
    "kpi_estate_viewings": ACTIONS,
    "kpi_estate_mandates": ACTIONS,
    "kpi_estate_actions": ACTIONS,
    "kpi_estate_outside": ACTIONS,
    "kpi_estate_silent": "crm_real_estate.estate_mandate_action_silent",
}


def _make_value(label):
    return fields.Integer(label, compute="_compute_estate_kpis", groups=MEMBERS)


class DigestOutreach(models.AbstractModel):
    """Figures of the agency in Odoo's digest mail, for members of the business."""

    _name = "estate.digest.mixin"
    _description = "Digest: figures of the agency"

    # Stored switches have no groups: Odoo reads all of them for whoever gets a digest.
    kpi_estate_received = fields.Boolean("Enquiries received")
    kpi_estate_received_value = _make_value("Enquiries received: value")
    kpi_estate_in_time = fields.Boolean("Enquiries answered within 24 h")
    kpi_estate_in_time_value = _make_value("Enquiries answered within 24 h: value")
    kpi_estate_owner_leads = fields.Boolean("Owner leads received")
    kpi_estate_owner_leads_value = _make_value("Owner leads received: value")
    kpi_estate_calls = fields.Boolean("Calls")
    kpi_estate_calls_value = _make_value("Calls: value")
    kpi_estate_positive_calls = fields.Boolean("Positive calls")
    kpi_estate_positive_calls_value = _make_value("Positive calls: value")
    kpi_estate_viewings = fields.Boolean("Viewings carried out")
    kpi_estate_viewings_value = _make_value("Viewings carried out: value")
    kpi_estate_mandates = fields.Boolean("Mandates won")
    kpi_estate_mandates_value = _make_value("Mandates won: value")
    kpi_estate_actions = fields.Boolean("Actions, by sector and person")
    kpi_estate_actions_value = _make_value("Actions, by sector and person: value")
    kpi_estate_outside = fields.Boolean("Actions outside the own sector")
    kpi_estate_outside_value = _make_value("Actions outside the own sector: value")
    kpi_estate_silent = fields.Boolean("Silent mandates now")
    kpi_estate_silent_value = _make_value("Silent mandates now: value")

    @api.depends_context("uid", "allowed_company_ids", "start_datetime", "end_datetime")
    def _compute_estate_kpis(self):
        """Count as the reports do, with the rights of whoever gets the mail."""
        if not self.env.user.has_groups(MEMBERS):
            raise AccessError(self.env._("These figures are for members only."))
        enquiries = ("estate.response.report", "received_at")
        actions = ("estate.action.report", "occurred_at")
        for name, (model, moment), column in (
            ("received", enquiries, "received"),
            ("in_time", enquiries, "within_day"),
            ("owner_leads", ("estate.funnel.report", "received_at"), "received"),
            ("calls", actions, "calls"),
            ("positive_calls", actions, "positive_calls"),
            ("viewings", actions, "viewings"),
            ("mandates", actions, "mandates"),
            ("actions", actions, "actions"),
            ("outside", actions, "outside"),
        ):
            self._calculate_company_based_kpi(
                model, f"kpi_estate_{name}_value", moment, sum_field=column
            )
        mandates = self.env["estate.mandate"]
        for digest in self:
            company = digest.company_id or self.env.company
            digest.kpi_estate_silent_value = mandates.search_count(
                [("is_silent", "=", True), ("company_id", "=", company.id)]
            )

    # === WHO DID WHAT WHERE ===

    def _prepare_sector_kpis(self, company, user):
        """Return a line of the mail for each sector and person, most actions first.

        Each has the three columns of the other figures; what was done outside of the
        person's own sector has a line of its own, which says so.
        """
        lines, titles = {}, {}
        for number, (title, (now, _before)) in enumerate(
            self._compute_timeframes(company), 1
        ):
            for key, count in self._count_by_sector(company, user, *now).items():
                lines.setdefault(key, {})[number] = count
            titles[number] = title
        first = sorted(
            lines, key=lambda key: (-lines[key].get(2, 0), -lines[key].get(3, 0), key)
        )
        return [
            {
                "kpi_name": "kpi_estate_sector",
                "kpi_fullname": self._get_sector_title(*key),
                "kpi_action": f"{ACTIONS}?menu_id={self._get_estate_menu()}",
                **{
                    f"kpi_col{number}": {
                        "value": lines[key].get(number, 0),
                        "margin": 0,
                        "col_subtitle": title,
                    }
                    for number, title in titles.items()
                },
            }
            for key in first[:MOST_LINES]
        ]

    def _count_by_sector(self, company, user, start, stop):
        """Return (sector, person, is it outside) -> number of actions."""
        report = self.env["estate.action.report"].with_user(user).with_company(company)
        domain = (
            Domain("company_id", "=", company.id)
            & Domain("actions", "=", 1)
            & Domain("occurred_at", ">=", fields.Datetime.to_string(start))
            & Domain("occurred_at", "<", fields.Datetime.to_string(stop))
        )
        groups = report._read_group(
            domain, ["territory_id", "user_id", "is_outside"], ["actions:sum"]
        )
        # sudo: estate.territory, res.users - only their names are told
        return {
            (sector.sudo().name or "", person.sudo().name, is_outside): count
            for sector, person, is_outside, count in groups
        }

    def _get_sector_title(self, sector, person, is_outside):
        names = {"sector": sector or self.env._("No sector"), "person": person}
        if is_outside:
            return self.env._("%(sector)s: %(person)s, outside the own sector", **names)
        return self.env._("%(sector)s: %(person)s", **names)

    def _get_estate_menu(self):
        return self.env["ir.model.data"]._xmlid_to_res_id(
            "crm_real_estate.estate_menu_root"
        )

    # === HOOKS OF THE HOST ===

    def _get_estate_links(self):
        """Return figure -> what a click in the mail opens."""
        menu = self._get_estate_menu()
        return {name: f"{action}?menu_id={menu}" for name, action in LINKS.items()}

    def _get_further_kpis(self, company, user):
        """Return lines that the mail gets after the figures."""
        if not self.kpi_estate_actions or not user.has_group(
            "crm_real_estate.group_office_manager"
        ):
            return []
        return self._prepare_sector_kpis(company, user)
