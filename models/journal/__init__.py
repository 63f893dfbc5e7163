from . import estate_interaction_type
from . import estate_interaction
from . import estate_viewing
from . import estate_property
from . import res_partner
from . import crm_lead
from . import res_company
