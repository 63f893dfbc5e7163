from . import alert
from . import caller
from . import claim
from . import response_time
from . import export
from . import import_template
from . import owner_page
from . import offer
