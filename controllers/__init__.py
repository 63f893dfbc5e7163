from . import claim
from . import owner_page
