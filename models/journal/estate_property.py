from odoo import fields, models
from odoo.tools import format_amount


class Property(models.Model):
    _name = "estate.property"
    _inherit = ["estate.property", "estate.journal.thread.mixin"]

    interaction_ids = fields.One2many("estate.interaction", "property_id", "Journal")
    viewing_ids = fields.One2many("estate.viewing", "property_id", "Viewings")
    viewing_count = fields.Integer(compute="_compute_viewing_count")

    def _compute_viewing_count(self):
        groups = self.env["estate.viewing"]._read_group(
            [("property_id", "in", self.ids)], ["property_id"], ["__count"]
        )
        counts = {prop.id: count for prop, count in groups}
        for prop in self:
            prop.viewing_count = counts.get(prop.id, 0)

    # === MESSAGES ===

    def _message_post_after_hook(self, message, msg_vals):
        result = super()._message_post_after_hook(message, msg_vals)
        self._journal_message(message)
        return result

    def _get_journal_links(self):
        return {"property_id": self.id}

    def _prepare_message_journal_vals(self, message, code):
        vals = super()._prepare_message_journal_vals(message, code)
        # The one person outside whom it came from or went to.
        people = message.author_id | message.partner_ids
        people = people.filtered("partner_share")
        return {**vals, "partner_id": people.id if len(people) == 1 else False}

    # === CHANGES ===

    def _on_property_changed(self, changes):
        super()._on_property_changed(changes)
        rows = []
        for prop, values in changes.items():
            rows += [
                prop._prepare_change_vals(name, *pair) for name, pair in values.items()
            ]
        self.env["estate.interaction"]._write_journal([row for row in rows if row])

    def _prepare_change_vals(self, name, old, new):
        """Return the journal row of one changed value, or None when it is not told."""
        if name == "price":
            texts = [
                format_amount(self.env, value, self.currency_id)
                if value
                else self.env._("none")
                for value in (old, new)
            ]
            code = "price_change"
        elif name == "state":
            labels = dict(self._fields["state"]._description_selection(self.env))
            texts = [labels[old], labels[new]]
            code = "state_change"
        else:
            return None
        return {
            "type": code,
            "property_id": self.id,
            "summary": self.env._(
                "From %(old)s to %(new)s", old=texts[0], new=texts[1]
            ),
        }
