from . import estate_call_card
from . import estate_erase_contact
from . import estate_intake_upload
from . import estate_interaction_correct
from . import estate_interaction_log
from . import estate_lead_reassign
from . import estate_make_enquiry
from . import estate_viewing_outcome
