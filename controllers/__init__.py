from . import alert
from . import claim
