from . import estate_call_outcome
from . import estate_call
from . import crm_lead
