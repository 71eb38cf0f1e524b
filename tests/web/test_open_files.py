"""How many connections and files the process may have open."""

import resource
import subprocess
import sys

SHOWS = """
import resource
from xtnd_wizard.web.open_files import allow_all_open_files

_, most = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (64, most))
allow_all_open_files()
print(resource.getrlimit(resource.RLIMIT_NOFILE) == (most, most))
"""


def test_a_process_that_starts_with_few_files_may_have_as_many_as_the_system_lets_it() -> None:
    shown = subprocess.run([sys.executable, "-c", SHOWS], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "True"


def test_where_there_is_no_more_to_have_nothing_changes() -> None:
    from xtnd_wizard.web.open_files import allow_all_open_files

    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        allow_all_open_files()
        allow_all_open_files()
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (before[1], before[1])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
