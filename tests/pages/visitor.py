"""What a visitor does on the pages, and what they get to see."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.i18n import text
from xtnd_wizard.service import Service
from xtnd_wizard.systems import get_system
from xtnd_wizard.ui.open_draft import PARAMETER
from xtnd_wizard.wizard.verdict import Phase

APP = Path(__file__).parents[2] / "app.py"
COOKIE = "A" * 43
TENANT = sha256(COOKIE.encode()).hexdigest()
PATIENCE_SECONDS = 30


class Visitor:
    """One browser tab."""

    def __init__(self, service: Service, language: str = "en") -> None:
        self.service = service
        self.language = language
        self.tab = AppTest.from_file(APP, default_timeout=PATIENCE_SECONDS)
        self.tab.context = {"locale": language, "timezone": "Europe/Stockholm"}

    def says(self, key: str, **values: str) -> str:
        """A sentence of the catalogue in the visitor's language."""
        return text(self.language, key, **values)

    def guide(self, system_code: str) -> Any:
        """A system's own words in the visitor's language."""
        return get_system(system_code).guide(self.language)

    def open(self, page: str = "welcome", *, new: bool = False) -> "Visitor":
        """Go to a page by its address. A new tab's names no draft; any other's the one that was touched last."""
        if not self.tab._registered_pages:
            newest = None if new else self.service.drafts.newest(Actor(TENANT))
            if newest:
                self.tab.query_params[PARAMETER] = newest.id
            self.tab.run()
        self.tab.switch_page(f"pages/{page}.py").run()
        self.tab._page_hash = ""  # from here on the app leads; AppTest would go back to this page on each run
        return self.intact()

    def press(self, key: str, **values: str) -> "Visitor":
        """Press the button with these words."""
        label = self.says(key, **values)
        (button,) = (found for found in self.tab.button if found.label == label)
        button.click().run()
        return self.intact()

    def press_key(self, key: str) -> "Visitor":
        """Press the button with this key, or whose key begins with it."""
        (button,) = (found for found in self.tab.button if f"{found.key}_".startswith(f"{key}_"))
        button.click().run()
        return self.intact()

    def type(self, key: str, typed: str) -> "Visitor":
        """Fill in a field, without leaving it yet."""
        self.field(key).set_value(typed)
        return self

    def field(self, key: str) -> Any:
        """The field with this key, or whose key begins with it."""
        inputs = [*self.tab.text_input, *self.tab.date_input]
        (found,) = (found for found in inputs if found.key == key or found.key.startswith(f"{key}_"))
        return found

    def intact(self) -> "Visitor":
        assert not self.tab.exception, [found.message for found in self.tab.exception]
        return self

    @property
    def title(self) -> str:
        return str(self.tab.title[0].value)

    @property
    def is_at_verify(self) -> bool:
        """Whether this is the page of the checks, which is called by how far they are."""
        return self.title in {self.says(f"verify.phase.{phase}") for phase in Phase}

    @property
    def texts(self) -> list[str]:
        return [str(found.value) for found in self.tab.text]

    @property
    def notices(self) -> list[str]:
        return [str(found.value) for found in self.tab.info]

    @property
    def errors(self) -> list[str]:
        return [str(found.value) for found in self.tab.error]

    @property
    def captions(self) -> list[str]:
        return [str(found.value) for found in self.tab.caption]

    @property
    def buttons(self) -> list[str]:
        return [found.label for found in self.tab.button]

    @property
    def page_buttons(self) -> list[str]:
        """What the page's own buttons say, those of the director's strip left out."""
        return [found.label for found in self.tab.button if not str(found.key).startswith("director_")]

    def keys(self, beginning: str) -> list[str]:
        """The keys of the buttons whose key begins so."""
        return [str(found.key) for found in self.tab.button if str(found.key).startswith(beginning)]

    @property
    def inputs(self) -> list[str]:
        return [str(found.key) for found in self.tab.text_input]

    def elements(self) -> Iterator[tuple[str, str]]:
        """Everything that was sent to the browser, as the kind of element and its message."""
        yield from _elements(self.tab._tree)

    @property
    def sent(self) -> str:
        return "\n".join(message for _, message in self.elements())

    @property
    def remembered(self) -> str:
        """All that the server keeps for this tab, whatever the page calls it."""
        return f"{self.tab.session_state.to_dict()!r} {self.tab._session_state!r}"


def _elements(node: Any) -> Iterator[tuple[str, str]]:
    for child in node.children.values():
        if hasattr(child, "children"):
            yield child.type or "", str(child.proto)
            yield from _elements(child)
        else:
            yield child.type, str(child.proto)
