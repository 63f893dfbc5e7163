from . import estate_activity_report
from . import estate_call_queue
from . import estate_my_day_box
from . import estate_caller
from . import estate_my_day
from . import estate_my_day_response
from . import estate_health
from . import estate_response_time
