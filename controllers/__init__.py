from . import alert
from . import claim
from . import owner_page
from . import offer
