from . import caller
from . import claim
from . import export
from . import import_template
