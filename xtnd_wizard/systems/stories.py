"""The stories that a demo can tell: each has something to show, and a good end.

    STORIES = (SMOOTH, Story("wrong_key", "wrong_key"), Story("swapped", "works", swapped=("access_token", "secret")))

Which of them a system has is said in its sandbox. The words are the same for all, in the catalogue under
`stories.<code>`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

CODES = ("smooth", "wrong_key", "other_marketplace", "suspended", "role", "swapped", "slow", "proxy")
"""All there are, in the order in which they are offered."""


@dataclass(frozen=True)
class Scenario:
    """One way a demo can go. Its words are in the guide under `scenarios.<code>`."""

    code: str
    values: Mapping[str, str]


@dataclass(frozen=True)
class Story:
    """A demo from its first screen to a saved connection."""

    code: str
    """One of `CODES`; empty for a scenario that was picked by itself."""
    scenario: str
    """The scenario that it begins as."""
    swapped: tuple[str, ...] = ()
    """Two fields whose values have changed places at the beginning."""
    cure: str = ""
    """The scenario whose values mend it. Where nothing is said, the back office does."""

    def values(self, scenario: Mapping[str, str]) -> Mapping[str, str]:
        """What is filled in at the beginning, given the values of its scenario."""
        taken = dict(zip(self.swapped, reversed(self.swapped), strict=True))
        return {name: scenario[taken.get(name, name)] for name in scenario}


SMOOTH = Story("smooth", "works")
