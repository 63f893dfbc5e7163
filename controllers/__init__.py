from . import claim
from . import response_time
from . import owner_page
from . import offer
