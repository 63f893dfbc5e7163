# The rooms, lowest first: a room never names a model of a later one.
from . import ledger, ledger_chain, lock

from . import party
from . import property
from . import journal
from . import enquiry
from . import call
from . import measure
from . import matching
from . import dispatch
from . import outreach

# The hosts: one file per foreign model, all overrides of the framework.

from . import base_automation
from . import base_partner_merge
from . import calendar_alarm_manager
from . import calendar_attendee
from . import calendar_event
from . import crm_lead
from . import crm_stage
from . import crm_team
from . import crm_team_member
from . import digest_digest
from . import discuss_channel
from . import ir_actions_act_window
from . import ir_actions_server
from . import ir_http
from . import mail_activity
from . import mail_activity_type
from . import mail_compose_message
from . import mail_mail
from . import mail_message
from . import mail_thread
from . import res_company
from . import res_config_settings
from . import res_partner
from . import res_users
from . import sms_composer
from . import sms_sms
from . import utm_source
