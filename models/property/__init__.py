from . import estate_property_type
from . import estate_station
from . import estate_territory
from . import estate_property_identity
from . import estate_property_place
from . import estate_property
from . import res_partner
