"""Every system, and one that was made up just now, goes through the same pages to Saved."""

import importlib
import sys
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest

from tests.pages.flow import fail_correct_succeed_and_save
from tests.pages.visitor import TENANT, Visitor
from tests.walks import Tab
from xtnd_wizard import sandbox, systems
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.i18n import LANGUAGES
from xtnd_wizard.service import Service
from xtnd_wizard.systems import all_systems, get_system
from xtnd_wizard.systems.contract import API_URL, System

PASTED = [system for system in all_systems() if not system.oauth]
APPROVED = [system for system in all_systems() if system.oauth]
WALKS = list(zip(PASTED, cycle(LANGUAGES), strict=False))
"""Each system in one language, in turn: every word of each is read by the tests of the catalogues."""
every_pasted = pytest.mark.parametrize(("system", "language"), WALKS, ids=lambda found: getattr(found, "code", found))
every_approved = pytest.mark.parametrize("system", APPROVED, ids=lambda found: found.code)
every_language = pytest.mark.parametrize("language", LANGUAGES)


@every_pasted
def test_a_wrong_value_is_corrected_in_the_same_walk_and_saved(service: Service, system: System, language: str) -> None:
    saved = fail_correct_succeed_and_save(Visitor(service, language), service, system)
    assert saved.system == system.code
    assert saved.api_url == system.sandbox.scenarios[0].values[API_URL]
    auth_method = system.auth_method_of(system.sandbox.scenarios[0].values)
    assert saved.sealed.keys() == system.sealed_fields_of(auth_method), f"{system.name}: what was saved sealed"
    assert saved.sealed["access_token"], f"{system.name}: XTND needs an access_token"


@every_language
@every_approved
def test_what_was_approved_is_verified_and_saved(service: Service, system: System, language: str) -> None:
    Tab(service, TENANT).start_demo(system.code, system.sandbox.scenarios[0])
    visitor = Visitor(service, language).open("enter").press("enter.submit")
    visitor.press("verify.shop_yes").press("save.save")
    assert visitor.title == visitor.says("done.title")
    (saved,) = service.connections.all(Actor(TENANT))
    assert saved.system == system.code


@every_approved
def test_without_the_operators_registration_the_way_inside_xtnd_is_shown(service: Service, system: System) -> None:
    visitor = Visitor(service).open("system")
    visitor.tab.radio(key="system").set_value(system.code).run()
    visitor.press("system.next")
    by_hand = visitor.guide(system.code)["by_hand"]
    assert [found.label for found in visitor.tab.checkbox] == [need["label"] for need in by_hand["needs"]]
    visitor.press("obtain.by_hand_done").press("by_hand.finish")
    assert visitor.says("notice.by_hand_done") in visitor.notices
    assert service.connections.all(Actor(TENANT)) == []


MADE_UP = '''
"""A shop software that does not exist."""

from pathlib import Path
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse
from starlette.routing import Route

from xtnd_wizard.domain.findings import Account, passed
from xtnd_wizard.outbound import RequestFailed
from xtnd_wizard.systems.checks import Check, Checks, Result, SignIn, SignInResult
from xtnd_wizard.systems.cleaning import keep_text
from xtnd_wizard.systems.common_checks import describe, explain, object_in, short_text, unexpected_answer
from xtnd_wizard.systems.contract import API_URL, CredentialField, HostRules, Sandbox, Scenario, System

RIGHT = {"access_token": "made-up-key-of-the-right-kind", "secret": "long-enough-and-right", API_URL: "pumpan.test"}


async def sign_in(context):
    try:
        answer = await context.get("/who", secret_headers={"x-key": context.credentials.secret("access_token")})
        name = short_text(object_in(answer.json()).get("name"))
        if not name:
            raise unexpected_answer(answer, "no name")
    except RequestFailed as failure:
        return SignInResult((explain("key", "GET /who", failure, {}),))
    return SignInResult((passed("key", describe("GET /who", answer)),), name)


async def account(context, name):
    return Result((passed("account"),), Account(name, name))


async def who(request: Request):
    known = request.headers.get("x-key") == RIGHT["access_token"]
    return JSONResponse({"name": "Pumpan"} if known else {}, 200 if known else 401)


async def front(request: Request):
    return HTMLResponse("<h1>Pumpan</h1>")


SYSTEM = System(
    code="kurbits",
    name="Kurbits",
    fields=(
        CredentialField("access_token", keep_text),
        CredentialField("secret", keep_text),
        CredentialField(API_URL, keep_text, sealed=False),
    ),
    hosts=HostRules(),
    checks=Checks(SignIn(("key",), sign_in), (Check("account", account),)),
    sandbox=Sandbox(
        hosts=frozenset(("pumpan.test",)),
        app=lambda: Starlette(routes=[Route("/who", who), Route("/", front)]),
        scenarios=(Scenario("works", RIGHT), Scenario("wrong", {**RIGHT, "access_token": "a-key-of-somebody-else"})),
    ),
    folder=Path(__file__).parent,
)
'''
MADE_UP_GUIDE = """
needs = ["nothing"]
unchecked = ["nothing"]

[obtain]
troubles = []

[[obtain.paths]]
id = "only"
steps = [{id = "go"}]

[handover]
entities = ["pumpkins"]
"""
MADE_UP_MARK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><circle cx="24" cy="24" r="20"/></svg>'
MADE_UP_WORDS = {
    "kind": "Pumpkins",
    "summary": "Made up.",
    "channel": "Kurbits",
    "needs.nothing": "Nothing",
    "unchecked.nothing": "Nothing",
    "place.address": "Where",
    "place.address_help": "Anywhere",
    "place.placeholder": "here",
    "fields.access_token.label": "Key",
    "fields.access_token.xtnd": "Access token",
    "fields.access_token.help": "It hangs by the door.",
    "fields.secret.label": "Word",
    "fields.secret.xtnd": "Secret",
    "fields.secret.help": "Whisper it.",
    "fields.api_url.label": "Place",
    "fields.api_url.xtnd": "API URL",
    "fields.api_url.help": "Any.",
    "obtain.title": "Get it",
    "obtain.lead": "It is easy.",
    "obtain.warning_title": "Take care",
    "obtain.warning": "It is hot.",
    "obtain.paths.only.steps.go.title": "Go",
    "obtain.paths.only.steps.go.text": "There.",
    "handover.known": "All is known.",
    "handover.entities.pumpkins": "pumpkins",
    "checks.key.doing": "Trying",
    "checks.key.passed": "Right",
    "checks.key.failed": "Wrong",
    "checks.account.doing": "Asking",
    "checks.account.passed": "Told",
    "checks.account.failed": "Untold",
    "scenarios.works.title": "Works",
    "scenarios.works.text": "It does.",
    "scenarios.wrong.title": "Wrong",
    "scenarios.wrong.text": "It is.",
}


@pytest.fixture
def made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """One folder more among the systems: all that a new system takes."""
    folder = tmp_path / "more" / "kurbits"
    (folder / "words").mkdir(parents=True)
    (folder / "__init__.py").write_text(MADE_UP, "utf-8")
    (folder / "guide.toml").write_text(MADE_UP_GUIDE, "utf-8")
    (folder / "mark.svg").write_text(MADE_UP_MARK, "utf-8")
    entries = (f'msgid "{path}"\nmsgstr "{words}"\n' for path, words in MADE_UP_WORDS.items())
    (folder / "words" / "en.po").write_text("\n".join(entries), "utf-8")
    monkeypatch.setattr(systems, "__path__", [*systems.__path__, str(folder.parent)])
    found_anew()
    yield "kurbits"
    sys.modules.pop(f"{systems.__name__}.kurbits", None)
    monkeypatch.undo()
    found_anew()


def found_anew() -> None:
    """What was found among the systems is remembered for the life of a process; look again."""
    importlib.invalidate_caches()
    all_systems.cache_clear()
    sandbox._apps.cache_clear()


@every_language
def test_one_folder_with_english_words_is_enough_for_a_new_system(
    made_up: str, service: Service, language: str
) -> None:
    saved = fail_correct_succeed_and_save(Visitor(service, language), service, get_system(made_up))
    assert (saved.system, saved.account_name, saved.api_url) == ("kurbits", "Pumpan", "pumpan.test")
    visitor = Visitor(service).open("demo")
    visitor.tab.radio(key="demo_system").set_value("kurbits").run()
    visitor.press_key("demo_kurbits_works")
    assert visitor.title == visitor.says("enter.title")
