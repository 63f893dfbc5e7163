"""A pytest plugin: a skipped test counts as failed, each worker has its own files."""

import contextlib
import os
import shutil
from pathlib import Path

import pytest
import pytest_odoo

from odoo.tools import config


@contextlib.contextmanager
def _own_filestore(original, database):
    """Give a worker attachments of its own.

    pytest-odoo lets all workers share those of the database they are copies of. Then a
    collection of garbage in one worker deletes what another has just written.
    """
    folder = Path(config["data_dir"], "filestore")
    own = folder / database
    if database != original and (folder / original).exists():
        shutil.rmtree(own, ignore_errors=True)
        shutil.copytree(folder / original, own, copy_function=os.link)
    try:
        yield
    finally:
        if database != original:
            shutil.rmtree(own, ignore_errors=True)


pytest_odoo._shared_filestore = _own_filestore


def _fail_instead_of_skip(report):
    if report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if report.longrepr else "without a reason"
        report.outcome = "failed"
        report.longrepr = f"counts as failed here: {reason}"


# Wrappers, because pytest itself counts the failures in the first plain hook.


@pytest.hookimpl(wrapper=True)
def pytest_runtest_logreport(report):
    """Turn a skipped test, class or subtest into a failure."""
    _fail_instead_of_skip(report)
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_collectreport(report):
    """Turn a skipped file into a failure."""
    _fail_instead_of_skip(report)
    return (yield)
