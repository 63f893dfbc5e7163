from . import estate_funnel_report
from . import estate_objective
from . import estate_phase_check
from . import estate_work_days
from . import estate_figures
