from . import estate_consent
from . import res_partner
from . import res_partner_find
from . import crm_team
