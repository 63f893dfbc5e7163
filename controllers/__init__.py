from . import claim
from . import offer
