"""docs/tour.md shows every story there is, with pictures that exist and are small."""

import re
from pathlib import Path

from tests.browser.stories import told
from xtnd_wizard.i18n import text
from xtnd_wizard.systems.stories import CODES

DOCS = Path(__file__).parents[1] / "docs"
TOUR = (DOCS / "tour.md").read_text("utf-8")
LARGEST_PICTURE = 60_000


def chapters() -> dict[str, str]:
    """What is told under each heading."""
    _, *parts = re.split(r"^## (.+)$", TOUR, flags=re.MULTILINE)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_every_story_has_a_chapter_with_what_to_say_and_its_own_pictures() -> None:
    assert set(CODES) == {code for code, _ in told()}
    assert list(chapters()) == [text("en", f"stories.{code}.title") for code in CODES]
    for code in CODES:
        chapter = chapters()[text("en", f"stories.{code}.title")]
        assert 'Say: "' in chapter
        pictures = re.findall(r"!\[[^\]]+\]\(tour/([^)]+)\)", chapter)
        assert pictures == [f"{code}-{number}.webp" for number in range(1, len(pictures) + 1)]
        assert len(pictures) >= 2


def test_every_picture_exists_is_small_and_is_shown() -> None:
    named = set(re.findall(r"\(tour/([^)]+)\)", TOUR))
    taken = {file.name: file.stat().st_size for file in (DOCS / "tour").iterdir()}
    assert set(taken) == named
    assert max(taken.values()) < LARGEST_PICTURE


def test_the_buttons_that_the_tour_names_are_called_so() -> None:
    for key in ("welcome.demo", "enter.submit", "director.fix", "director.save", "director.more", "director.reset"):
        assert f"*{text('en', key)}*" in TOUR, key
