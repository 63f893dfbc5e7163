from . import estate_calling_rule
from . import estate_dispatch_rule
from . import estate_dispatch_share
from . import estate_dispatch_decision
from . import crm_team_member
from . import crm_lead_dispatch
from . import crm_lead_retry
from . import ir_actions_server
