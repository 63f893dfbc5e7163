from dataclasses import fields as get_fields

from odoo import fields, models
from odoo.fields import Command
from odoo.tools import format_amount

from ...tools import says_does
from .estate_pair_upkeep import to_exact


class Search(models.Model):
    """What the seeker says, and what he does."""

    _inherit = "estate.search"

    derived_text = fields.Char("What he does", compute="_compute_derived_text")

    def _compute_derived_text(self):
        for search in self:
            search.derived_text = search._describe_changes(search._prepare_derived())

    def _gather_limits(self):
        """Return what this search limits as plain values."""
        return says_does.Limits(
            excluded=frozenset(self.excluded_territory_ids.ids),
            **{
                field.name: to_exact(self[field.name])
                for field in get_fields(says_does.Limits)
                if field.name != "excluded"
            },
        )

    def _gather_deeds(self):
        """Return what the seeker did about properties of this deal as plain values."""
        self.ensure_one()
        refused = self.pair_ids.filtered(lambda pair: pair.state == "refused")
        liked = self.pair_ids.filtered(lambda pair: pair.state == "interested")
        # sudo: estate.viewing - what he saw with colleagues counts, too
        viewings = self.env["estate.viewing"].sudo()
        seen = viewings.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("state", "=", "done"),
                ("property_id.deal_type", "=", self.deal_type),
            ]
        ).property_id.with_env(self.env)
        deeds = [
            self._gather_deed(
                pair.property_id,
                pair.refusal_reason_id.criterion,
                pair.refused_price,
            )
            for pair in refused
            if pair.refusal_reason_id.criterion
        ]
        pleased = (seen | liked.property_id) - refused.property_id
        return deeds + [self._gather_deed(prop, "", prop.price) for prop in pleased]

    def _gather_deed(self, prop, refused, price):
        return says_does.Deed(
            refused=refused,
            price=to_exact(price),
            area=to_exact(prop.living_area or prop.plot_area),
            rooms=to_exact(prop.room_count),
            places=frozenset((prop.territory_ids - prop.territory_ids.parent_id).ids),
        )

    def _prepare_derived(self):
        """Return the values in which what he does differs from what he says."""
        self.ensure_one()
        stated = self._gather_limits()
        derived = says_does.derive(stated, self._gather_deeds())
        vals = {
            field.name: float(getattr(derived, field.name))
            for field in get_fields(derived)
            if field.name != "excluded"
            and getattr(derived, field.name) != getattr(stated, field.name)
        }
        if derived.excluded != stated.excluded:
            ids = sorted(derived.excluded)
            vals["excluded_territory_ids"] = [Command.set(ids)]
        return vals

    def _describe_changes(self, vals):
        """Return in words how values differ from this search, "" when they do not."""
        told = []
        for name, value in vals.items():
            label = self._fields[name]._description_string(self.env)
            if name == "excluded_territory_ids":
                places = self[name].browse(value[0][2]) - self[name]
                told.append(f"{label}: {', '.join(places.mapped('name'))}")
                continue
            said, does = (self._write_limit(name, v) for v in (self[name], value))
            told.append(
                self.env._(
                    "%(limit)s %(does)s (says %(said)s)",
                    limit=label,
                    does=does,
                    said=said or self.env._("nothing"),
                )
            )
        return "; ".join(told)

    def _write_limit(self, name, value):
        if not value:
            return ""
        if name == "price_max":
            return format_amount(
                self.env, value, self.currency_id, trailing_zeroes=False
            )
        return f"{value:g}"

    def action_take_over_deeds(self):
        """Search for what he does instead of what he says."""
        for search in self:
            if vals := search._prepare_derived():
                told = search._describe_changes(vals)
                search.write(vals)
                search.message_post(
                    body=self.env._("Taken over from what he does: %s", told)
                )
