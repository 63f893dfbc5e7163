from odoo import fields, models

# kind -> name of the field in which a user chooses it
ALERT_KINDS = {
    "popup": "estate_alert_popup",
    "sound": "estate_alert_sound",
    "title": "estate_alert_title",
    "mail": "estate_alert_mail",
    "sms": "estate_alert_sms",
    "push": "estate_alert_push",
}


class UserAlert(models.AbstractModel):
    """How a user wants to hear of a new enquiry; he chooses it in his preferences."""

    _name = "estate.user.alert.mixin"
    _description = "User: alerts"

    estate_alert_popup = fields.Boolean("Window", default=True)
    estate_alert_sound = fields.Boolean("Sound", default=True)
    estate_alert_title = fields.Boolean("Flashing title", default=True)
    estate_alert_mail = fields.Boolean("Mail", default=True)
    estate_alert_sms = fields.Boolean("SMS", default=False)
    estate_alert_push = fields.Boolean("Push", default=True)
    estate_alert_address = fields.Char(
        "Address for alerts",
        help="Mails about new enquiries go here instead of the user's address; set by "
        "an administrator.",
    )

    def _get_alert_kinds(self):
        """Return the kinds of alert that this user has chosen."""
        self.ensure_one()
        return [kind for kind, name in ALERT_KINDS.items() if self[name]]
