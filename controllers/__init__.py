from . import claim
from . import opt_out
from . import owner_page
from . import offer
