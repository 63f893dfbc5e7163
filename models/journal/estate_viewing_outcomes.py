from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import inner

# These hold no place in a group viewing any more.
FREED = ("cancelled", "rescheduled")


class Viewing(models.Model):
    """What becomes of a viewing, with one click each; which one of a seeker it is."""

    _inherit = "estate.viewing"

    group_id = fields.Many2one(
        "estate.viewing.group",
        "Group viewing",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
    )
    number = fields.Integer(
        "Which viewing",
        compute="_compute_number",
        help="The first, second, ... viewing of this property by the seeker. Cancelled "
        "ones and no-shows do not count.",
    )

    _place_uniq = models.UniqueIndex(
        "(group_id, lead_id) WHERE group_id IS NOT NULL AND state = 'planned'",
        "This seeker has a place in this group viewing already.",
    )

    @api.depends("lead_id.viewing_ids.state", "lead_id.viewing_ids.start", "start")
    def _compute_number(self):
        # sudo: estate.viewing - those of colleagues count, none of them is shown
        counted = self.sudo().search_fetch(
            [
                ("lead_id", "in", self.lead_id.ids),
                ("state", "in", ("planned", "done")),
            ],
            ["lead_id", "start"],
        )
        told = defaultdict(list)
        for viewing in counted:
            told[viewing.lead_id.id].append((viewing.start, viewing.id))
        for viewing in self:
            mine = told.get(viewing.lead_id.id, ())
            before = {
                number
                for start, number in mine
                if viewing.start
                and (start, number)
                < (viewing.start, viewing._origin.id or float("inf"))
                and number != viewing._origin.id
            }
            viewing.number = len(before) + 1

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        viewings = super().create(vals_list)
        if not inner.hear(self.env, "has_place"):
            for viewing in viewings.filtered("group_id"):
                viewing._take_place()
        return viewings

    def write(self, vals):
        # Who was called off before and came again holds a place with another viewing.
        leaving = self.browse()
        if vals.get("state") in FREED:
            leaving = self.filtered(lambda viewing: viewing.state not in FREED)
        result = super().write(vals)
        leaving._leave_places()
        return result

    def unlink(self):
        self.filtered(lambda viewing: viewing.state not in FREED)._leave_places()
        return super().unlink()

    def _take_place(self):
        """Hold a place of the group viewing, or refuse with the next step."""
        self.ensure_one()
        if not self.lead_id:
            raise UserError(
                self.env._(
                    "Choose the enquiry of the seeker: only enquiries have a place in "
                    "a group viewing."
                )
            )
        # sudo: estate.viewing.group - who may plan the viewing may take its place
        if not self.group_id.sudo()._take_place(self.lead_id):
            raise UserError(
                self.env._(
                    "All places of %s are taken. Raise the number of places, or plan a "
                    "viewing of its own.",
                    self.group_id.display_name,
                )
            )

    def _leave_places(self):
        """Free the places of those of these viewings that were in a group."""
        gone = self.filtered("group_id")
        # sudo: estate.viewing.place - kept by the system alone
        places = self.env["estate.viewing.place"].sudo()
        places.search(
            [
                ("group_id", "in", gone.group_id.ids),
                ("lead_id", "in", gone.lead_id.ids),
            ]
        ).filtered(
            lambda place: any(
                (place.group_id, place.lead_id) == (viewing.group_id, viewing.lead_id)
                for viewing in gone
            )
        ).unlink()

    # === ONE CLICK ===

    def action_carried_out(self):
        """It took place; the report can follow."""
        self._check_planned()
        self.write({"state": "done"})

    def action_cancelled_by_seeker(self):
        self._cancel_at_once("seeker")

    def action_cancelled_by_owner(self):
        self._cancel_at_once("owner")

    def action_cancelled_by_agency(self):
        self._cancel_at_once("agency")

    def _cancel_at_once(self, who):
        self._check_planned()
        self.write({"state": "cancelled", "cancelled_by": who})
        self._on_cancelled_at_once(who)

    def _on_cancelled_at_once(self, who):
        """These viewings were called off with one click, by whom."""

    def action_report(self):
        """Open the short form for the report of a viewing that took place."""
        self.ensure_one()
        if self.state != "done" or self.feedback:
            raise UserError(
                self.env._(
                    "A report is written once, after the viewing was carried out."
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Viewing report"),
            "res_model": "estate.viewing.outcome",
            "view_mode": "form",
            "target": "new",
            "context": {"default_viewing_id": self.id, "default_state": "report"},
        }

    def _add_report(self, feedback, owner_comment=False):
        """Tell how a viewing went that was marked as carried out before."""
        self.ensure_one()
        self.feedback = feedback
        self.env["estate.interaction"]._write_journal(
            [
                {
                    "type": "viewing_report",
                    "lead_id": self.lead_id.id,
                    "partner_id": self.partner_id.id,
                    "property_id": self.property_id.id,
                    "company_id": self.company_id.id,
                    "summary": feedback,
                    "owner_comment": owner_comment,
                    "origin": f"estate.viewing,{self.id},report",
                }
            ]
        )
