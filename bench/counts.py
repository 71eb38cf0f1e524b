"""What can be counted instead of timed: lines of code for each system, and how often the vault is used in a walk."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory

from bench import Result
from tests import walks
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.contract import API_URL, System
from xtnd_wizard.vault import SealContext, Vault

LINES_AIM = 756
"""A fifth less than the 945 that it was when the systems shared no kit."""
OPENS_AIM = 2
"""Once to verify and once to save."""
SEALS_AIM = 2
"""Once for the draft and once for the connection."""
_TENANT = "bench"


@dataclass(frozen=True)
class CountingVault(Vault):
    """A vault that remembers for which fields it was used."""

    opened: list[str] = field(default_factory=list)
    sealed: list[str] = field(default_factory=list)

    def seal(self, secret: Secret, context: SealContext) -> str:
        self.sealed.append(context.column)
        return super().seal(secret, context)

    def open(self, token: str, context: SealContext) -> Secret:
        self.opened.append(context.column)
        return super().open(token, context)


def measure() -> Iterator[Result]:
    """Count both."""
    lines = {system.name: _lines(system) for system in all_systems()}
    each = ", ".join(f"{name} {number}" for name, number in lines.items())
    yield Result("lines of Python in a system's folder, on average", mean(lines.values()), LINES_AIM, (each,))
    vault = _walked()
    for what, used, aim in (("opens", vault.opened, OPENS_AIM), ("seals", vault.sealed, SEALS_AIM)):
        by_field = {name: used.count(name) for name in sorted(set(used))}
        each = ", ".join(f"{name} {number}" for name, number in by_field.items())
        yield Result(f"{what} of a value from paste to saved", max(by_field.values()), aim, (each,))


def _lines(system: System) -> int:
    return sum(len(file.read_text("utf-8").splitlines()) for file in system.folder.glob("*.py"))


def _walked() -> CountingVault:
    """The vault after one walk of the first system: choose, enter, verify, save."""
    typed = {name: value for name, value in walks.WORKS.values.items() if name != API_URL}
    with TemporaryDirectory(prefix="bench-") as folder, walks.running(Path(folder)) as started:
        vault = CountingVault(started.vault.ring)
        service = replace(started, vault=vault)
        tab = walks.Tab(service, _TENANT)
        tab.choose(walks.SYSTEM.code, walks.WORKS.values[API_URL])
        tab.enter(typed)
        walks.verified(service, _TENANT)
        walks.save(service, _TENANT)
        return vault
