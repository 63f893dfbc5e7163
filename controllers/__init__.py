from . import claim
from . import viewing
from . import owner_page
from . import offer
