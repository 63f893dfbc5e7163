"""Calls of a week whose figures are counted by hand."""

from odoo.tests import Form

from .common import NOW, EstateCase


class FiguresCase(EstateCase):
    """Two operators who ring owners on Wednesday, 4 March 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owner = cls._create_contact("Olga Owner")
        cls.manager.group_ids += cls.env.ref("base.group_allow_export")

    @classmethod
    def _create_lead(cls, user=None, received=NOW, **values):
        """An owner lead of the call centre, received at a moment."""
        lead = cls.env["crm.lead"].create(
            {
                "name": "Owner",
                "lead_role": "owner",
                "property_id": cls._create_property(owner_ids=cls.owner).id,
                "partner_id": cls.owner.id,
                "user_id": (user or cls.operator).id,
                "team_id": cls.call_centre.id,
                **values,
            }
        )
        cls._receive(lead, received)
        return lead

    @classmethod
    def _receive(cls, leads, moment):
        # Raw SQL: the moment of creation is Odoo's own, which the clock of a test
        # does not reach.
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s WHERE id = ANY(%s)",
            (moment, leads.ids),
        )
        cls.env.invalidate_all()

    def _call(self, lead, code, user=None):
        """Note a call by the button that an operator presses."""
        lead.with_user(user or self.operator).action_call_outcome(code)

    def _note_calls(self, user, count, code="refused", moment=NOW):
        """Store attempts of one person, as many as a day has."""
        outcome = self.env["estate.call.outcome"]._get(code)
        self.env["estate.call"].create(
            [
                {
                    "user_id": user.id,
                    "started_at": moment,
                    "outcome_id": outcome.id,
                    "company_id": self.company.id,
                }
                for _number in range(count)
            ]
        )

    def _open_figures(self, user=None, **values):
        """Open the screen as its menu does, and choose something on it."""
        menu = self.env.ref("crm_real_estate.estate_call_figures_action")
        action = menu.with_user(user or self.manager).run()
        figures = self.env[action["res_model"]].browse(action["res_id"])
        with Form(figures.with_user(user or self.manager)) as form:
            for name, value in values.items():
                setattr(form, name, value)
        return figures.with_user(user or self.manager)

    def _line(self, figures, user, day=None):
        return figures.line_ids.filtered(
            lambda line: line.user_id == user and (not day or line.day == day)
        )
