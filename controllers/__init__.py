from . import claim
