"""Takes the pictures in docs/screenshots and docs/tour: `python -m tests.browser.screenshots`."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.browser import browsing
from tests.browser.conftest import usual
from tests.browser.server import ROOT, serving
from tests.browser.stories import LOOK, take_stories
from tests.browser.visitor import Visitor
from xtnd_wizard.systems import all_systems

FOLDER = ROOT / "docs" / "screenshots"
TOUR = ROOT / "docs" / "tour"


def fail_verification(visitor: Visitor) -> None:
    """A key whose user lacks the role."""
    visitor.choose_demo("no_role")
    visitor.verify()


def show_second_systems_demos(visitor: Visitor) -> None:
    """The demos of another system than the one that is shown first."""
    visitor.open("demo")
    visitor.pick(all_systems()[1].name)


def to(step: str) -> Callable[[Visitor], None]:
    """The walk to a step, everything right."""
    return lambda visitor: visitor.walk_to(step)


DARK = {"color_scheme": "dark"}
LOW = {"viewport": {"width": 1000, "height": 660}}
HIGH = {"viewport": {"width": 1000, "height": 1000}}
PHONE = {"viewport": {"width": 390, "height": 900}, "device_scale_factor": 2}
SHOTS: dict[str, tuple[str, dict[str, Any], Callable[[Visitor], None]]] = {
    "welcome": ("en", LOW, Visitor.open),
    "obtain": ("en", HIGH, to("obtain")),
    "enter": ("en", HIGH, to("enter")),
    "verify-failed": ("en", HIGH, fail_verification),
    "verify-passed-dark": ("en", {**HIGH, **DARK}, to("verify")),
    "demo": ("en", HIGH, show_second_systems_demos),
    "done": ("en", {"viewport": {"width": 1000, "height": 1250}}, to("done")),
    "enter-phone-swedish-dark": ("sv", {**PHONE, **DARK}, to("enter")),
}


def take_all(folder: Path, tour: Path) -> None:
    """Take every picture, each of a visitor of its own; those of one story are of the same."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as temporary, browsing.browser() as browser, serving(Path(temporary)) as server:

        def visitor_in(language: str, look: dict[str, Any]) -> Visitor:
            return Visitor(browser.new_context(**{**usual(language), **look}), server, language)

        for name, (language, look, walk) in SHOTS.items():
            visitor = visitor_in(language, look)
            walk(visitor)
            visitor.screenshot(folder / f"{name}.png")
            visitor.context.close()
        take_stories(tour, lambda: visitor_in("en", LOOK))


if __name__ == "__main__":
    take_all(FOLDER, TOUR)
