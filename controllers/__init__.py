from . import claim
from . import opt_out
