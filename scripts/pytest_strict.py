"""A pytest plugin: what is skipped was not tested, so it counts as failed."""

import pytest


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
