from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class CompanyResponse(models.AbstractModel):
    """The hours of a company by which its offices without own hours are measured."""

    _name = "estate.company.response.mixin"
    _description = "Company: response clock"

    @api.constrains("resource_calendar_id")
    def _check_offices_have_hours(self):
        teams = self.env["crm.team"]
        for company in self:
            calendar = company.resource_calendar_id
            if not calendar or teams._has_fixed_hours(calendar):
                continue
            # sudo: crm.team - the offices of the company, whoever sets it up
            office = teams.sudo().search(
                Domain("is_estate_office", "=", True)
                & Domain("resource_calendar_id", "=", False)
                & Domain("company_id", "in", [False, company.id]),
                limit=1,
            )
            if office:
                raise ValidationError(
                    self.env._(
                        "%(calendar)s has no fixed hours, so %(office)s would never "
                        "open or never close. Choose business hours with opening "
                        "times.",
                        calendar=calendar.display_name,
                        office=office.display_name,
                    )
                )
