from odoo import models


class LeadReturn(models.AbstractModel):
    """A client whose last enquiry ended asks again: his former agent is told."""

    _name = "estate.lead.return.mixin"
    _description = "Lead: who comes back"

    def _receive_by_hand(self):
        new = self.filtered(lambda lead: not lead.received_at)
        super()._receive_by_hand()
        new.filtered("received_at")._tell_former_agents()

    def _on_enquiry_received(self, received_at, again):
        super()._on_enquiry_received(received_at, again)
        if not again:
            self._tell_former_agents()

    def _tell_former_agents(self):
        """Give the former agents of these clients a task, when others have them now."""
        tasks = []
        for lead, agent in self._get_former_agents().items():
            if document := lead._get_document_for(agent):
                tasks.append(lead._prepare_return_task(document, agent))
        # sudo: mail.activity - whoever entered the enquiry, the task is a colleague's
        self.env["mail.activity"].sudo().create(tasks)

    def _get_former_agents(self):
        """Return lead -> who had the last ended enquiry of its client, if another."""
        # sudo: crm.lead - enquiries of colleagues count, archived ones, too
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        ended = leads.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("lead_role", "!=", False),
                ("won_status", "!=", "pending"),
                ("user_id", "!=", False),
                ("id", "not in", self.ids),
            ],
            order="id",
        )
        last = {lead.partner_id.id: lead.user_id for lead in ended}
        # sudo: crm.lead - whoever entered the enquiry, it may be a colleague's
        former = {lead: last.get(lead.partner_id.id) for lead in self.sudo()}
        return {
            lead: agent
            for lead, agent in former.items()
            if agent and agent.active and agent != lead.user_id
        }

    def _get_document_for(self, agent):
        """Return the lead if the agent may read it, else its contact, else nothing."""
        for record in (self, self.partner_id):
            # sudo: crm.lead, res.partner - back to the rights of the agent himself
            if record.with_user(agent).sudo(False).has_access("read"):
                return record
        return None

    def _prepare_return_task(self, document, agent):
        lead = self.with_context(lang=agent.lang)
        title = lead.property_id.name or lead.name
        if self.user_id:
            note = lead.env._(
                "The enquiry about %(property)s went to %(agent)s.",
                property=title,
                agent=self.user_id.name,
            )
        else:
            note = lead.env._(
                "The enquiry about %(property)s is nobody's yet.", property=title
            )
        kind = self.env.ref("mail.mail_activity_data_todo")
        return {
            "res_model_id": self.env["ir.model"]._get_id(document._name),
            "res_id": document.id,
            "activity_type_id": kind.id,
            "user_id": agent.id,
            "summary": lead.env._(
                "Your former client %(contact)s asks again",
                contact=self.partner_id.name,
            ),
            "note": note,
            "automated": True,
        }
