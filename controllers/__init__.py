from . import claim
from . import viewing
