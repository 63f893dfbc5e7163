from . import controllers, models, report, tools, wizards
from .hooks import post_init_hook, pre_init_hook
from .uninstall import uninstall_hook
