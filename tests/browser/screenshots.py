"""Takes the pictures in docs/screenshots: `python -m tests.browser.screenshots`."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.browser import browsing
from tests.browser.conftest import usual
from tests.browser.server import ROOT, Server
from tests.browser.visitor import Visitor
from xtnd_wizard.systems import all_systems

FOLDER = ROOT / "docs" / "screenshots"


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


def take_all(folder: Path) -> None:
    """Take every picture, each of a visitor of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as temporary, browsing.browser() as browser:
        server = Server(Path(temporary))
        try:
            server.await_health()
            for name, (language, look, walk) in SHOTS.items():
                context = browser.new_context(**{**usual(language), **look})
                visitor = Visitor(context, server, language)
                walk(visitor)
                visitor.screenshot(folder / f"{name}.png")
                context.close()
        finally:
            server.stop()


if __name__ == "__main__":
    take_all(FOLDER)
