from . import claim
from . import response_time
