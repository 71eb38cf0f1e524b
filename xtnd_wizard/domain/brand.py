"""How an operator makes the wizard look like their own."""

from dataclasses import dataclass
from pathlib import Path

from xtnd_wizard.domain.colors import Color


@dataclass(frozen=True)
class Brand:
    """What stands in the place of our own name, wordmark and colour. What is empty stays ours."""

    name: str = ""
    logo_file: Path | None = None
    """Stands in the place of the wordmark, and in the browser's tab."""
    color: Color | None = None
    """What buttons, links and signs are drawn in; each theme shades it as far as it takes to be read."""
    support: str = ""
    """Where people get help: a mail address, or an address on the web."""

    @property
    def support_link(self) -> str:
        """The support address as a link."""
        return self.support if self.support.startswith("https:") or not self.support else f"mailto:{self.support}"
