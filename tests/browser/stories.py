"""The stories of docs/tour.md, told in a browser up to each picture."""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.browser.visitor import Visitor
from tests.browser.words import FIRST
from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.contract import System

LOOK = {"viewport": {"width": 900, "height": 760}}
_QUALITY = 72


def teller(code: str) -> System:
    """The system that tells a story best: the first whose back office plays it to its end, or else the first."""
    tellers = [(story.cure, found) for found in all_systems() for story in found.sandbox.stories if story.code == code]
    return min(tellers, key=lambda teller: bool(teller[0]))[1]


def begin(visitor: Visitor, code: str) -> None:
    """Choose a story on the page of demos."""
    system = teller(code)
    visitor.open("demo")
    if system.code != FIRST:
        visitor.pick(system.name)
    begins = f"{visitor.says('demo.go')}: {visitor.says(f'stories.{code}.title')}"
    visitor.page.get_by_role("button", name=begins, exact=True).click()
    visitor.sees_page("enter")


def fix(visitor: Visitor) -> None:
    """Let the director mend what is wrong, and see the good end."""
    visitor.press(visitor.says("director.fix"))
    visitor.sees(visitor.says("verify.passed_title"))


def works(visitor: Visitor) -> Iterator[str]:
    """Everything is right from the beginning."""
    begin(visitor, "smooth")
    yield "smooth-1"
    visitor.verify_well()
    yield "smooth-2"
    visitor.press(visitor.says("director.save"))
    visitor.sees_page("done")
    yield "smooth-3"


def goes_wrong(code: str) -> Callable[[Visitor], Iterator[str]]:
    """The checks find what is wrong, the director mends it."""

    def tell(visitor: Visitor) -> Iterator[str]:
        begin(visitor, code)
        visitor.submit()
        visitor.sees(visitor.says("director.fix"))
        yield f"{code}-1"
        fix(visitor)
        yield f"{code}-2"

    return tell


def swapped(visitor: Visitor) -> Iterator[str]:
    """The form asks before anything is sent."""
    begin(visitor, "swapped")
    yield "swapped-1"
    visitor.press(visitor.says("enter.swap"))
    visitor.sees(visitor.says("verify.passed_title"))
    yield "swapped-2"


def told() -> Iterator[tuple[str, Callable[[Visitor], Iterator[str]]]]:
    """Every story there is, and how it is told."""
    own = {"smooth": works, "swapped": swapped}
    for code in dict.fromkeys(story.code for found in all_systems() for story in found.sandbox.stories):
        yield code, own.get(code) or goes_wrong(code)


def take_stories(folder: Path, visitor_for: Callable[[], Visitor]) -> None:
    """Take the pictures of every story, each told to a visitor of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    for _, tell in told():
        visitor = visitor_for()
        for name in tell(visitor):
            (folder / f"{name}.webp").write_bytes(picture(visitor))
        visitor.context.close()


def picture(visitor: Visitor) -> bytes:
    """What is in the window right now, as a small picture."""
    visitor.settle()
    visitor.page.mouse.move(0, 0)
    visitor.page.evaluate("() => Promise.all([...document.images].map(image => image.decode()))")
    session = visitor.context.new_cdp_session(visitor.page)
    taken = session.send("Page.captureScreenshot", {"format": "webp", "quality": _QUALITY})
    return base64.b64decode(taken["data"])
