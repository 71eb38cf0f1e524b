"""The back office of the sandbox shops: the way to an app of one's own, by the names that the guide quotes."""

from collections.abc import Mapping

from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.systems.back_office import (
    KEY,
    LOOK_UP,
    NEW_KEY,
    Account,
    BackOffice,
    Change,
    grant,
    made_up_hex,
    withdraw,
)
from xtnd_wizard.systems.office_pages import Fact, Form, Go, Listing, Note, Page, Value
from xtnd_wizard.systems.shopify.problems import APP_NOT_INSTALLED

ALL_SCOPES = (
    "read_orders",
    "read_all_orders",
    "write_products",
    "write_inventory",
    "read_locations",
    "write_merchant_managed_fulfillment_orders",
    "read_fulfillments",
    "read_customers",
)
INSTALLED = "installed"
SCOPES = (*ALL_SCOPES, "read_products", "read_inventory")
_APPS, _DASHBOARD, _CREATE, _VERSION, _APP, _SETTINGS = "apps", "dashboard", "create", "version", "app", "settings"
_TABS = (Go("Home", _APP), Go("Versions", _VERSION), Go("Settings", _SETTINGS))


def _apps(account: Account) -> Page:
    return Page("Develop apps", (Go("Build apps in Dev Dashboard", _DASHBOARD),))


def _dashboard(account: Account) -> Page:
    app = Go("XTND", _APP) if account.has(KEY) else Note("nothing")
    return Page("Dev Dashboard", (app, Go("Create app", _CREATE), *((Note("replaces"),) if account.has(KEY) else ())))


def _create(account: Account) -> Page:
    gone = frozenset((INSTALLED, *SCOPES))
    form = Form("Create", off=gone, makes=KEY, then=_VERSION)
    return Page("Start from Dev Dashboard", (Fact("App name", "XTND"), form))


def _version(account: Account) -> Page:
    listed = tuple(scope for scope in SCOPES if account.has(scope))
    scopes = Listing("scopes", "Scopes", SCOPES, listed)
    app_url = Fact("App URL", "https://example.com")
    return _of_app(account, Page("Versions", (app_url, Form("Release", (scopes,), then=_APP)), _TABS))


def _app(account: Account) -> Page:
    here = Note("saved") if account.has(INSTALLED) else Form("Install app", on=frozenset((INSTALLED,)))
    off = (Form("Uninstall", off=frozenset((INSTALLED,)), quiet=True),) if account.has(INSTALLED) else ()
    scopes = ", ".join(scope for scope in SCOPES if account.has(scope)) or "–"
    return _of_app(account, Page("XTND", (Fact("Scopes", scopes), Fact("Shop", account.host), here, *off), _TABS))


def _settings(account: Account) -> Page:
    if not account.has(KEY):
        return _dashboard(account)
    values = (Value("Client ID", account.values["access_token"]), Value("Secret", account.values["secret"]))
    rotate = Form("Rotate", makes="secret", quiet=True)
    return Page("Settings", (*values, Note("copy"), rotate, Note("replaces")), _TABS)


def _of_app(account: Account, page: Page) -> Page:
    return page if account.has(KEY) else _dashboard(account)


def _secret(account: Account) -> Mapping[str, str]:
    return {"secret": f"shpss_{made_up_hex(32)}", "token": f"shpat_{made_up_hex(32)}"}


def back_office(shops: Mapping[str, str]) -> BackOffice:
    """An office at each of these shops."""
    return BackOffice(
        shops=shops,
        user="Ulla Garn",
        screens={
            _APPS: _apps,
            _DASHBOARD: _dashboard,
            _CREATE: _create,
            _VERSION: _version,
            _APP: _app,
            _SETTINGS: _settings,
        },
        menu=(Go("Settings > Apps > Develop apps", _APPS),),
        ready=frozenset((INSTALLED, *ALL_SCOPES)),
        makers={
            KEY: lambda account: {"access_token": made_up_hex(32), **_secret(account)},
            "secret": _secret,
        },
        stories={
            "works": LOOK_UP,
            "wrong_secret": Change(makes="secret"),
            "wrong_client_id": NEW_KEY,
            "not_installed": withdraw(INSTALLED),
            "permission_missing": Change(on=frozenset(("read_inventory",)), off=frozenset(("write_inventory",))),
        },
        remedies={
            **dict.fromkeys((ProblemCode.KEY_REJECTED, ProblemCode.SECRET_REJECTED), LOOK_UP),
            ProblemCode.SIGN_IN_REJECTED: LOOK_UP,
            APP_NOT_INSTALLED.code: grant(INSTALLED),
            ProblemCode.PERMISSION_MISSING: grant(*ALL_SCOPES),
            ProblemCode.KEY_LACKS_PERMISSION: grant(*ALL_SCOPES),
        },
    )
