"""A person at a browser, in the words of the product."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, WebSocket, expect

from tests.browser.server import Server
from tests.browser.words import FIRST, guide, note, scenario
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.i18n import text
from xtnd_wizard.systems import get_system
from xtnd_wizard.systems.contract import System
from xtnd_wizard.systems.stories import Scenario
from xtnd_wizard.wizard.verdict import Phase

SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
MAIN_BUTTON = '[data-testid="stBaseButton-primary"], [data-testid="stBaseButton-primaryFormSubmit"]'
PASSWORD = "Ull&tuva 2041"
_PROBE_FOR_A_DEEP_LINK = re.compile(r"/(_stcore/(health|host-config))$")
_PRESS_AT = """([name, moment]) => {
    const button = [...document.querySelectorAll("button")].find(found => found.innerText.trim().endsWith(name));
    setTimeout(() => button.click(), moment - Date.now());
}"""
_HALF_A_SECOND = 500


class Visitor:
    """One tab of one person. A second tab of the same person shares the context."""

    def __init__(self, context: BrowserContext, server: Server, language: str = "en") -> None:
        self.context = context
        self.server = server
        self.language = language
        self.troubles: list[str] = []
        """What the browser's console complained about, in any tab."""
        self.received: list[bytes] = []
        """Every websocket frame that the server sent to this tab."""
        self.page: Page = context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.troubles.append(f"exception: {error.message}"))
        self.page.on("websocket", self._listen)

    def another_tab(self) -> "Visitor":
        """The same person, in a new tab."""
        tab = Visitor(self.context, self.server, self.language)
        tab.troubles = self.troubles
        return tab

    # The words of this visitor's screens.

    def says(self, key: str, **values: str) -> str:
        """A text of the catalogue in this visitor's language."""
        return text(self.language, key, **values)

    def title_of(self, name: str) -> re.Pattern[str]:
        """The heading of a page; that of the checks says how far they are."""
        if name == "verify":
            titles = [self.says(f"verify.phase.{phase}") for phase in Phase if phase is not Phase.CHECKING]
        else:
            titles = [guide(self.language)["obtain"]["title"] if name == "obtain" else self.says(f"{name}.title")]
        return re.compile(f"^({'|'.join(map(re.escape, titles))})$")

    def label(self, field: str) -> str:
        """What the channel calls a field."""
        return str(guide(self.language)["fields"][field]["label"])

    # Looking.

    def settle(self) -> None:
        """Wait until the server has drawn all it has to draw, and the browser has loaded what it takes."""
        expect(self.page.locator(SETTLED)).to_be_attached()
        expect(self.page.locator('[data-testid="stSkeleton"]')).to_have_count(0)
        expect(self.page.locator('[data-stale="true"]')).to_have_count(0)

    def sees_page(self, name: str) -> None:
        """Be on a page, drawn to its end. That of the checks is there when they are over."""
        expect(self.page.get_by_role("heading", level=1, name=self.title_of(name))).to_be_visible()
        self.settle()

    def sees(self, words: str) -> None:
        """See these very words, as one piece of text."""
        expect(self.page.get_by_text(words, exact=True).first).to_be_visible()

    def sees_remark(self, code: str) -> None:
        """See what is said about a value, beside an icon."""
        expect(self.page.get_by_text(note(code)).first).to_be_visible()

    def sees_problem(self, words: tuple[str, str, str]) -> None:
        """See what happened, why, and what to do now."""
        for part in words:
            expect(self.page.locator(".st-key-problem").get_by_text(part, exact=True)).to_be_visible()
        self.settle()

    def button(self, words: str) -> Locator:
        """A button by its words; an icon's name may stand before them."""
        return self.page.get_by_role("button", name=re.compile(rf"(^|\s){re.escape(words)}$"))

    def field(self, name: str) -> Locator:
        """The input of a credential field in the form."""
        return self.page.locator(f".st-key-enter_{name} input")

    def kept(self, name: str) -> Locator:
        """The place where a hidden value is shown as kept."""
        return self.page.locator(f".st-key-kept_{name}")

    def sees_kept(self, name: str, value: str) -> None:
        """See that a value is there and hidden, by its last characters if it has enough of them."""
        last4 = Secret(value).last4
        shown = f"{self.says('enter.kept')} {last4}" if last4 else self.says("enter.kept_hidden")
        expect(self.kept(name).get_by_text(shown, exact=True)).to_be_visible()
        expect(self.field(name)).to_have_count(0)

    def connections(self) -> Locator:
        """The saved connections on the page My connections."""
        return self.page.locator('[class*="st-key-connection_"]')

    def unfinished(self) -> Locator:
        """The drafts that wait to be finished."""
        return self.page.locator('[class*="st-key-unfinished_"]')

    @property
    def storage(self) -> str:
        """What pages of this site keep in the browser."""
        return json.dumps(self.page.evaluate("[{...localStorage}, {...sessionStorage}]"))

    def screenshot(self, file: Path) -> None:
        """Keep a picture of the whole page."""
        self.settle()
        self.page.mouse.move(0, 0)
        self.page.evaluate("() => Promise.all([...document.images].map(image => image.decode()))")
        self.page.screenshot(path=file, full_page=True, animations="disabled")

    # Going places.

    def open(self, name: str = "welcome", arrive_at: str = "", *, draft: str = "") -> None:
        """Type the address of a page, with the draft that this tab has open."""
        query = draft or urlsplit(self.page.url).query
        place = "/" if name == "welcome" else f"/{name}"
        self.page.goto(f"{self.server.url}{place}{'?' if query else ''}{query}")
        self.sees_page(arrive_at or name)

    def reload(self, name: str) -> None:
        """Reload, and be on the same page again."""
        self.page.reload()
        self.sees_page(name)

    def press(self, words: str) -> None:
        """Press a button."""
        self.button(words).click()

    def go_on_with_draft(self, arrive_at: str) -> None:
        """Go on with the draft on top of the list."""
        self.unfinished().first.get_by_role("button").first.click()
        self.sees_page(arrive_at)

    def go_on(self, words: str, arrive_at: str) -> None:
        """Press a button that leads to another page."""
        self.press(words)
        self.sees_page(arrive_at)

    # The walk.

    def start(self) -> None:
        """From the start page to the choice of a marketplace."""
        self.open()
        self.go_on(self.says("welcome.start"), "system")

    def find_marketplace(self, typed: str) -> Locator:
        """Type into the search for marketplaces; the cards that are offered then."""
        self.page.get_by_role("searchbox", name=guide(self.language)["place"]["find"]).fill(typed)
        expect(self.page.get_by_role("radiogroup", name=self.says("system.meant"))).to_be_visible()
        self.settle()
        return self.page.locator('[class*="st-key-cards_marketplace_"] [role="radiogroup"] > div')

    def choose_marketplace(self, typed: str, host: str) -> None:
        """Find a marketplace by name, and go on."""
        self.find_marketplace(typed).filter(has_text=host).click()
        self.sees(host)
        self.settle()
        self.go_on(self.says("system.next"), "obtain")

    def choose_address(self, address: str, host: str) -> None:
        """Say that the marketplace is not in the list, paste an address, and go on."""
        self.page.get_by_text(self.says("system.not_listed"), exact=True).click()
        box = self.page.get_by_role("textbox", name=guide(self.language)["place"]["address"])
        box.fill(address)
        box.press("Enter")
        self.sees(host)
        self.settle()
        self.go_on(self.says("system.next"), "obtain")

    def pick(self, name: str) -> None:
        """Pick a system by its name."""
        self.page.get_by_role("radio", name=name, exact=True).check(force=True)
        self.settle()

    def choose_system(self, system: System, address: str) -> None:
        """Pick a system, paste where it is, and go on."""
        self.pick(system.name)
        if system.marketplaces():
            self.page.get_by_text(self.says("system.not_listed"), exact=True).click()
        box = self.page.get_by_role("textbox", name=system.guide(self.language)["place"]["address"])
        box.fill(address)
        box.press("Enter")
        self.sees(address)
        self.settle()
        self.press(self.says("system.next"))

    def choose_way(self, system: System, demo: Scenario) -> None:
        """On the guide's page, choose how to connect."""
        self.settle()
        if system.auth_methods:
            title = system.guide(self.language, system.auth_method_of(demo.values))["title"]
            self.page.get_by_role("radio", name=title).check(force=True)
            self.settle()

    def verify_after_reading_back(self) -> None:
        """Submit, once more where something was read back first, and see good news."""
        self.submit()
        passed = self.page.get_by_text(self.says("verify.passed_title"), exact=True)
        read_back = self.button(self.says("enter.looks_right"))
        expect(passed.or_(read_back).first).to_be_visible()
        self.settle()
        if read_back.is_visible():
            self.press(self.says("enter.looks_right"))
        self.sees(self.says("verify.passed_title"))
        self.settle()

    def read_guide(self) -> None:
        """See every step of the guide, with its picture, and go on."""
        steps = guide(self.language)["obtain"]["paths"][0]["steps"]
        for number, step in enumerate(steps, start=1):
            expect(self.page.get_by_role("heading", name=f"{number}. {step['title']}")).to_be_visible()
            expect(self.page.get_by_role("img", name=step["alt"], exact=True).first).to_be_visible()
        self.go_on(self.says("obtain.next"), "enter")

    def unfold_every_way(self) -> None:
        """On the page of demos, unfold what is below the stories."""
        fold = self.page.locator("details").filter(has_text=self.says("demo.every_way"))
        if fold.get_attribute("open") is None:
            fold.locator("summary").click()
        self.settle()

    def choose_demo(self, code: str) -> None:
        """Pick how a demo should go; its values are filled in."""
        self.open("demo")
        self.unfold_every_way()
        self.page.locator(f".st-key-demo_{FIRST}_{code} button").click()
        self.sees_page("enter")
        for name in ("access_token", "secret"):
            self.sees_kept(name, scenario(code).values[name])

    def replace(self, field: str, value: str) -> None:
        """Press Replace at a hidden value, and type another."""
        self.kept(field).get_by_role("button", name=self.says("enter.replace")).click()
        expect(self.field(field)).to_be_visible()
        self.settle()
        self.field(field).fill(value)

    def type_in(self, **values: str) -> None:
        """Type into the form."""
        for field, value in values.items():
            self.field(field).fill(value)

    def type_shop_id(self, number: str) -> None:
        """Unfold the field for logins with several shops, and type into it."""
        fold = guide(self.language)["fields"]["shop_id"]["fold"]
        if not self.field("shop_id").is_visible():
            self.page.get_by_text(fold, exact=True).click()
        self.field("shop_id").fill(number)

    def submit(self) -> None:
        """Press the button below the form, whatever it says by now."""
        self.page.locator('[class*="st-key-check_"]').get_by_role("button").click()

    def read_back(self) -> None:
        """Submit something that had to be cleaned, and see it read back before anything is called."""
        self.submit()
        expect(self.button(self.says("enter.looks_right"))).to_be_visible()
        self.sees_page("enter")

    def verify(self) -> None:
        """Press the button below the form, and watch the checks to their end."""
        self.submit()
        self.sees_page("verify")

    def verify_well(self) -> None:
        """Verify, with good news."""
        self.verify()
        self.sees(self.says("verify.passed_title"))

    def confirm_shop(self) -> None:
        """Say that the shop is the right one."""
        self.go_on(self.says("verify.shop_yes"), "save")

    def save(self) -> None:
        """Save the connection."""
        self.go_on(self.says("save.save"), "done")

    def walk_to(self, step: str, demo: str = "works") -> None:
        """Walk a demo up to a step."""
        if step == "system":
            self.start()
        elif step == "obtain":
            self.start()
            host = scenario(demo).values["api_url"]
            self.choose_marketplace(host[:5], host)
        else:
            self.choose_demo(demo)
            walk: dict[str, Callable[[], None]] = {
                "enter": lambda: None,
                "verify": self.verify_well,
                "save": self.confirm_shop,
                "done": self.save,
            }
            for reached, take in walk.items():
                take()
                if reached == step:
                    break

    # What the browser noticed.

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        where = message.location.get("url", "")
        if "404" in message.text and _PROBE_FOR_A_DEEP_LINK.search(where):
            return
        self.troubles.append(f"{message.text} ({where})")

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self.received.append(_bytes(frame)))


def press_at_once(tabs: list[Visitor], key: str) -> None:
    """Press the button with these words in several tabs at the same moment."""
    moment = tabs[0].page.evaluate("Date.now()") + _HALF_A_SECOND
    for tab in tabs:
        tab.page.evaluate(_PRESS_AT, [tab.says(key), moment])


def _bytes(frame: str | bytes) -> bytes:
    return frame.encode() if isinstance(frame, str) else frame


def key_of(code: str) -> str:
    """The API key of a demo."""
    return scenario(code).values["access_token"]


def sandbox_host(name: str) -> str:
    """The host of a sandbox marketplace, by the beginning of its name."""
    return next(place.host for place in get_system(FIRST).marketplaces() if place.name.startswith(name))
