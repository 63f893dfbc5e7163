"""What a source has changed about a known object is followed."""

from psycopg2 import OperationalError

from odoo import models
from odoo.fields import Command


class IntakeChange(models.AbstractModel):
    """The part of an intake message that changes known properties."""

    _name = "estate.intake.change.mixin"
    _description = "Intake: changed listings"

    def _apply_change(self, prop, listing, lookups):
        """Write what the source has changed since the last import, and only that.

        What a person corrected by hand in between stays, unless the source changes it.
        """
        snapshot = prop._prepare_intake_snapshot(listing)
        before = prop.intake_values or {}
        # What a person withdrew does not come back by itself.
        is_back = prop.state == "withdrawn" and before.get("is_gone")
        changed = [
            name for name, value in snapshot.items() if before.get(name) != value
        ]
        if not changed and not is_back:
            return
        try:
            # One bad object does not stop the others: it is rolled back alone.
            with self.env.cr.savepoint():
                open_point = ""
                if "contact" in changed:
                    open_point = self._follow_contact(prop, listing)
                vals = prop._prepare_intake_vals(listing, lookups, changed)
                if is_back:
                    vals.setdefault("state", self._get_first_state(listing))
                problems = self._explain_problems(listing.problems)
                problems = "\n".join(filter(None, (open_point, problems)))
                vals |= {"intake_values": snapshot, "intake_problems": problems}
                prop.write(vals)
                if is_back:
                    self._ring_again(prop)
        except OperationalError:
            # A rival changed the same rows: no fault of the object, all is tried again.
            raise
        except Exception as error:  # noqa: BLE001 - kept with the object, for a person
            self._add_items([(listing, "failed", prop, str(error))])
        else:
            outcome = "to_check" if open_point else "changed"
            self._add_items([(listing, outcome, prop, problems)])

    def _ring_again(self, prop):
        """Take up the calls to the owner of a property that is offered again."""
        if self.source_id.contact_role == "owner":
            prop._resume_owner_leads()
            prop._create_owner_leads(self)

    # === CONTACTS ===

    def _follow_contact(self, prop, listing):
        """Follow a source that names another contact, or another way to reach him.

        :return: a sentence for a person when it is not clear which is right
        """
        if listing.contact.is_empty:
            return self.env._("The source names no contact any more.")
        contact = self._find_or_create_contacts([listing])[listing.contact]
        is_owner = self.source_id.contact_role == "owner"
        current = prop.owner_ids if is_owner else prop.broker_id
        if contact in current:
            return self._complete_contact(contact, listing.contact)
        told = current & prop.intake_contact_ids
        if not prop.intake_contact_ids and len(current) == 1:
            told = current
        changed = {"intake_contact_ids": [Command.link(contact.id)]}
        if is_owner:
            changed["owner_ids"] = [
                Command.link(contact.id),
                *(Command.unlink(one.id) for one in told),
            ]
        else:
            changed["broker_id"] = contact.id
        prop.write(changed)
        self._tell_contact_changed(prop, told, contact)
        return ""

    def _complete_contact(self, contact, told):
        """Fill what a contact lacks with what the source tells.

        :param contact: `res.partner`
        :param told: `neutral.Contact`
        :return: a sentence for a person when the contact has something else already
        """
        country = self.company_id.country_id.code or ""
        phones = contact._get_valid_phones(told, country)
        mails = [mail.lower() for mail in told.emails]
        vals = {}
        if phones and not contact.phone:
            vals["phone"] = phones[0]
        if mails and not contact.email:
            vals["email"] = mails[0]
        if vals:
            # sudo: res.partner - whoever may see the contact, the source tells of him
            contact.sudo().write(vals)
        has_other = (phones and contact.phone_sanitized not in phones) or (
            mails and contact.email_normalized not in mails
        )
        if not has_other:
            return ""
        return self.env._(
            "The source now tells other ways to reach %(contact)s: %(told)s. Compare "
            "them with the contact, then press Checked.",
            contact=contact.display_name,
            told=", ".join((*told.phones, *told.emails)),
        )

    def _tell_contact_changed(self, prop, old, new):
        """Let the open calls go to the new contact, and write the journal."""
        # sudo: crm.lead - the calls go on, whosever the lead is
        leads = prop.sudo().lead_ids.filtered(
            lambda lead: (
                lead.lead_role == "owner"
                and lead.won_status == "pending"
                and lead.partner_id in old
            )
        )
        leads.write({"partner_id": new.id})
        row = {
            "type": "note",
            "property_id": prop.id,
            "partner_id": new.id,
            "summary": self.env._("The source names another contact."),
            "is_automatic": True,
        }
        rows = [{**row, "lead_id": lead.id} for lead in leads] or [row]
        self.env["estate.interaction"]._write_journal(rows)
