from . import estate_report_plan
from . import estate_activity_report
from . import res_partner
from . import estate_property
from . import res_company
