"""A pytest plugin: what makes the suite quicker without changing what it shows."""

import gc
from pathlib import Path
from unittest.mock import patch

import freezegun.api
import pytest

from odoo.modules.registry import Registry
from odoo.tests import HttpCase, TransactionCase, common
from odoo.tools import config


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Put long scopes first: the last worker to end shall have a short one.

    Those are databases and browsers; other cases say so by `takes_long`.
    """
    items.sort(key=_rank)


def _rank(item):
    case = getattr(item, "cls", None) or object
    if any(parent.__name__ == "DatabaseCase" for parent in case.__mro__):
        return 0
    return 1 if issubclass(case, HttpCase) or hasattr(case, "takes_long") else 2


def pytest_collection_finish():
    """Tell the garbage collector that what is loaded by now stays: saves 10 %."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


# === WHAT ODOO HAS LOOKED UP ===
#
# Odoo forgets all of it after each test. A change names each cache that it makes wrong,
# though, and is rolled back with the test or the class that made it: only what is in
# those caches by then has to go. Saves 15 %, most of it rules and compiled templates.

_wrong_after_test, _wrong_after_class = set(), set()


def _clear_cache(registry, *names):
    _wrong_after_test.update(names or ("default",))
    _odoo_clear_cache(registry, *names)


def _begin_test():
    _wrong_after_class.update(_wrong_after_test)
    _wrong_after_test.clear()


def _end_test(registry):
    _forget(registry, _wrong_after_test)


def _end_class(registry):
    _forget(registry, _wrong_after_class | _wrong_after_test)
    _wrong_after_class.clear()


def _forget(registry, names):
    if names:
        _odoo_clear_cache(registry, *names)
    _wrong_after_test.clear()


def _set_up(case):
    _begin_test()
    # The original puts this method among what is done after the test.
    with patch.object(Registry, "clear_all_caches", _end_test):
        _odoo_set_up(case)


def _set_up_class(cls):
    # The original calls this method at the end of what is done after the class.
    forget_less = patch.object(Registry, "clear_all_caches", _end_class)
    cls.addClassCleanup(forget_less.stop)
    _odoo_set_up_class(cls)
    cls.addClassCleanup(forget_less.start)


_odoo_clear_cache = Registry.clear_cache
_odoo_set_up = TransactionCase.setUp
_odoo_set_up_class = TransactionCase.setUpClass.__func__
Registry.clear_cache = _clear_cache
TransactionCase.setUp = _set_up
TransactionCase.setUpClass = classmethod(_set_up_class)


# === BROWSER ===


# Pages of Chromium's own windows, made ready in advance: here nobody opens them, and
# they cost each start 1.2 s of a core.
PREPARED = (
    "--disable-features=PreloadTopChromeWebUI,WebUIOmniboxPopup,WebUIOmniboxAimPopup"
)


def _spawn_with_cache(browser, command):
    """Let the browsers of a worker share what they have loaded and compiled."""
    folder = Path(config["data_dir"], "browser", common.get_db_name())
    switches = [f"--disk-cache-dir={folder}", PREPARED, *command[1:]]
    return _odoo_spawn(browser, [command[0], *switches])


_odoo_spawn = common.ChromeBrowser._spawn_chrome
common.ChromeBrowser._spawn_chrome = _spawn_with_cache


# === CLOCK ===


def _name_state(module):
    """Tell cheaply whether a module has other names than when it was looked through.

    freezegun hashes all names of all modules each time the clock stops: 60 ms.
    """
    return f"{id(module)}-{len(getattr(module, '__dict__', ()))}"


freezegun.api._get_module_attributes_hash = _name_state
