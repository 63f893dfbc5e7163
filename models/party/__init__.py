from . import estate_consent
from . import estate_erased_denial
from . import estate_erasure
from . import estate_erasure_traces
from . import res_partner
from . import res_partner_erasure
from . import res_partner_find
from . import crm_team
