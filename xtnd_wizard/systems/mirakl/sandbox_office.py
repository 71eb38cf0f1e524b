"""The back office of the sandbox marketplaces: menus, tabs and buttons by the names that the guide quotes."""

from collections.abc import Iterable
from uuid import uuid4

from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.systems.back_office import KEY, LOOK_UP, NEW_KEY, Account, BackOffice, Change, grant, withdraw
from xtnd_wizard.systems.mirakl.problems import ACCOUNT_SUSPENDED
from xtnd_wizard.systems.office_pages import Fact, Form, Go, Note, Page, Tick, Value

ROLE, OPEN, ANSWERS = "role", "open", "answers"
"""The last one is the marketplace's own doing: no screen changes it, only a story does."""
PASSWORD = "Practice-password-1"  # noqa: S105  # the sandbox asks nobody for it
_EMAIL = "elsa@ullstugan.test"
_USER = Fact("User", "Elsa Ullman")
_PROFILE, _API_KEY, _USERS = "settings", "api_key", "users"
_GENERATE = "Generate a new key"


def _tabs(account: Account) -> tuple[Go, ...]:
    """The tabs of the settings. Without the role there is none for the key."""
    key = (Go("API key", _API_KEY),) if account.has(ROLE) else ()
    return (Go("Profile", _PROFILE), *key)


def _profile(account: Account) -> Page:
    missing = () if account.has(ROLE) else (Note("no_right"), Go("Settings > Users", _USERS))
    return Page("My user settings", (_USER, Fact("E-mail", _EMAIL), *missing), _tabs(account))


def _api_key(account: Account) -> Page:
    if not account.has(ROLE):
        return _profile(account)
    made = (Value("API key", account.values["access_token"]), Note("copy")) if account.has(KEY) else (Note("nothing"),)
    form = Form(_GENERATE, makes=KEY, quiet=account.has(KEY))
    return Page("My user settings", (*made, form, Note("replaces")), _tabs(account))


def _users(account: Account) -> Page:
    role = Tick(ROLE, "Shop Administration", account.has(ROLE))
    return Page("Users", (_USER, Form("Save", (role,)), Note("colleague")))


def _shop(account: Account) -> Page:
    opened = Tick(OPEN, "The shop is open", account.has(OPEN))
    return Page("Shop", (Form("Save", (opened,)), Note("colleague")))


def back_office(hosts: Iterable[str]) -> BackOffice:
    """An office at each of these marketplaces."""
    return BackOffice(
        shops=dict.fromkeys(hosts, "Ullstugan"),
        user="Elsa Ullman",
        login=(Fact("E-mail", _EMAIL), Value("Password", PASSWORD), Note("password")),
        screens={_PROFILE: _profile, _API_KEY: _api_key, _USERS: _users, "shop": _shop},
        menu=(Go("Settings > Shop", "shop"), Go("Settings > Users", _USERS)),
        user_menu=(Go("My user settings", _PROFILE),),
        at_first=frozenset((ROLE, OPEN, ANSWERS)),
        ready=frozenset((ROLE, OPEN, ANSWERS)),
        makers={KEY: lambda account: {"access_token": str(uuid4())}},
        fixed={"secret": PASSWORD},
        stories={
            "works": LOOK_UP,
            "wrong_key": NEW_KEY,
            "no_role": withdraw(ROLE),
            "suspended": withdraw(OPEN),
            "slow": withdraw(ANSWERS),
        },
        remedies={
            ProblemCode.KEY_REJECTED: LOOK_UP,
            ProblemCode.KEY_LACKS_PERMISSION: grant(ROLE),
            ProblemCode.SLOW: grant(ANSWERS),
            # A marketplace says once a day how a shop is, for each key: a new key is told at once.
            ACCOUNT_SUSPENDED.code: Change(on=frozenset((OPEN,)), makes=KEY),
        },
    )
