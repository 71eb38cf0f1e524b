"""What a channel will stop speaking is said in the log, in time and not before."""

import logging
from datetime import date, timedelta

import pytest

from xtnd_wizard.service import warn_of_retirements
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.checks import Retirement

ENDING = [found for found in all_systems() if found.retirement]


def test_it_is_time_from_half_a_year_before() -> None:
    ending = Retirement("Version 1", date(2027, 10, 1))
    assert not ending.is_near(date(2027, 3, 31))
    assert ending.is_near(date(2027, 4, 1))
    assert ending.is_near(date(2028, 1, 1))


@pytest.mark.parametrize("found", ENDING, ids=lambda found: found.code)
def test_the_log_names_system_version_and_day(found: object, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, logger="xtnd_wizard")
    ((name, ending),) = [(one.name, one.retirement) for one in all_systems() if one is found]
    assert ending is not None
    warn_of_retirements(ending.on - timedelta(days=400))
    assert name not in caplog.text
    warn_of_retirements(ending.on - timedelta(days=180))
    assert all(word in caplog.text for word in (name, ending.what, ending.on.isoformat()))
