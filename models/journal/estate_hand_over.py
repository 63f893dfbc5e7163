from odoo import api, fields, models
from odoo.fields import Command


class HandOver(models.Model):
    """A hand-over stands in the journal of its contact, and so does its end.

    The viewings to come go along; their seekers are not asked anew.
    """

    _name = "estate.hand.over"
    _inherit = "estate.hand.over"

    viewing_count = fields.Integer("Viewings")

    # === VIEWINGS ===

    @api.model
    def _get_whose(self):
        return {**super()._get_whose(), "estate.viewing": ("agent_id",)}

    @api.model
    def _count_along(self, records_list):
        counts = super()._count_along(records_list)
        return {**counts, "viewing_count": self._count(records_list, "estate.viewing")}

    @api.model
    def _remember(self, records_list):
        """Keep as well who was invited, and what he answered."""
        before = super()._remember(records_list)
        guests = {}
        for viewings in records_list:
            if viewings._name == "estate.viewing":
                for guest in viewings._get_events().attendee_ids:
                    answers = guests.setdefault(str(guest.event_id.id), {})
                    answers[str(guest.partner_id.id)] = guest.state
        return {**before, "guests": guests} if guests else before

    @api.model
    def _get_returning(self, records):
        records = super()._get_returning(records)
        if records._name != "estate.viewing":
            return records
        now = fields.Datetime.now()
        return records.filtered(lambda v: v.state == "planned" and v.start > now)

    def _restore_guests(self, viewings):
        """Have who changed hands attend the appointments as before the hand-over."""
        answers = {
            (int(event), int(partner)): answer
            for event, of_event in (self.before or {}).get("guests", {}).items()
            for partner, answer in of_event.items()
        }
        events = viewings._get_events()
        receiver = self.to_user_id.partner_id
        invited = events.filtered(lambda event: (event.id, receiver.id) in answers)
        invited.write({"partner_ids": [Command.link(receiver.id)]})
        people = receiver | viewings.agent_id.partner_id
        mine = events.attendee_ids.filtered(lambda guest: guest.partner_id in people)
        by_answer = mine.grouped(
            lambda guest: answers.get((guest.event_id.id, guest.partner_id.id))
        )
        # He answers for himself who was invited since.
        by_answer.pop(None, None)
        for answer, guests in by_answer.items():
            guests.state = answer

    # === JOURNAL ===

    def _on_handed_over(self):
        super()._on_handed_over()
        for row in self:
            row._write_hand_over(
                row.from_user_id, row.to_user_id, row.note, row.viewing_count
            )

    def _on_hand_over_undone(self, returned):
        super()._on_hand_over_undone(returned)
        viewings = returned["estate.viewing"]
        self._restore_guests(viewings)
        self._write_hand_over(self.to_user_id, self.from_user_id, False, len(viewings))

    def _write_hand_over(self, old, new, note, viewing_count):
        names = {"old": old.name, "new": new.name}
        summary = self.env._("From %(old)s to %(new)s", **names)
        if viewing_count:
            summary = self.env._(
                "From %(old)s to %(new)s, with viewings to come: %(count)s",
                **names,
                count=viewing_count,
            )
        self.env["estate.interaction"]._write_journal(
            [
                {
                    "type": "hand_over",
                    "partner_id": self.partner_id.id,
                    "user_id": self.env.uid,
                    "company_id": self.company_id.id,
                    "summary": summary,
                    "internal_note": note,
                }
            ]
        )
