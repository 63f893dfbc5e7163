from odoo import api, fields, models

from .estate_notice import KINDS

OWN_STATES = [
    ("estate_inform", "Inform seekers"),
    ("estate_ask_feedback", "Ask about the viewing"),
]
# state -> models whose records such an action can start from
START_MODELS = {
    "estate_inform": ("estate.property", "estate.interaction"),
    "estate_ask_feedback": ("estate.viewing",),
}
TEMPLATE = "crm_real_estate.mail_template_event"


class ServerActionEvents(models.AbstractModel):
    """What seekers are told or asked after an event, as types of server actions."""

    _name = "estate.server.action.events.mixin"
    _description = "Server action: event mails"

    estate_event = fields.Selection(KINDS, "News")
    estate_audience_stage_ids = fields.Many2many(
        "crm.stage",
        "ir_act_server_estate_audience_rel",
        "action_id",
        "stage_id",
        "To seekers in",
        domain="[('pipeline', 'in', ('sale', 'rent')), "
        "('is_cancellation', '=', False)]",
        help="Phases whose seekers get the mail.",
    )
    estate_event_template_id = fields.Many2one(
        "mail.template",
        "Mail",
        domain="[('model', '=', 'estate.notice')]",
        help="Empty: the text that came with the product.",
    )

    @api.constrains("estate_event", "estate_audience_stage_ids")
    def _check_estate_event(self):
        self._check_estate_action()

    def _get_estate_start_models(self):
        return super()._get_estate_start_models() | START_MODELS

    def _get_estate_problems(self):
        problems = super()._get_estate_problems()
        if self.state == "estate_inform":
            if not self.estate_event:
                problems.append(self.env._("choose the news."))
            if not self.estate_audience_stage_ids:
                problems.append(self.env._("choose the phases whose seekers are told."))
        return problems

    def _apply_estate_inform(self, records):
        # sudo: estate.notice - the machine tells whoever's click set it off
        notices = self.env["estate.notice"].sudo()
        shipped = notices.env.ref(TEMPLATE, raise_if_not_found=False)
        template = self.estate_event_template_id or shipped
        if not template:
            return
        # sudo: the told owners and seekers are read by the machine, shown to nobody
        for record in records.sudo():
            prop, prices = record, (0, 0)
            if record._name == "estate.interaction":
                told = record.owner_values or {}
                prop = record.property_id
                if self.estate_event == "price":
                    prices = (told.get("old") or 0, told.get("new") or 0)
            if prop:
                notices._announce(
                    self.estate_event,
                    prop,
                    self.estate_audience_stage_ids,
                    template,
                    prices,
                )

    def _apply_estate_ask_feedback(self, records):
        records._ask_for_feedback()
