"""The marketplaces known to run on Mirakl. The list proposes a host and never forbids one."""

import csv
from functools import cache
from pathlib import Path

from xtnd_wizard.systems.contract import Marketplace
from xtnd_wizard.systems.mirakl.sandbox import SANDBOX_MARKETPLACES


@cache
def marketplaces() -> tuple[Marketplace, ...]:
    """Every known marketplace, the sandbox's own first.

    The hosts were gathered from public lists and not tried; operators come and go.
    """
    with (Path(__file__).parent / "marketplaces.csv").open(encoding="utf-8", newline="") as file:
        listed = tuple(Marketplace(row["marketplace"], row["countries"], row["host"]) for row in csv.DictReader(file))
    return SANDBOX_MARKETPLACES + listed
