"""The back office of the sandbox shops: an integration, or an admin user, by the names that the guide quotes."""

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
    made_up,
    withdraw,
)
from xtnd_wizard.systems.magento2.problems import SIGNATURE_REJECTED, VALUES_REJECTED
from xtnd_wizard.systems.office_pages import Choice, Fact, Form, Go, Note, Page, Tick, Value

ALL, CUSTOM, SAVED, ACTIVE = "all", "custom", "saved", "active"
ADMIN, SAVED_USER, ADMINISTRATORS = "admin", "user", "administrators"
RESOURCES: Mapping[str, tuple[str, frozenset[str]]] = {
    "sales": ("Sales", frozenset(("Magento_Sales::actions_view",))),
    "shipments": ("Sales > Shipments", frozenset(("Magento_Sales::shipment",))),
    "catalog": ("Catalog", frozenset(("Magento_Catalog::products", "Magento_Catalog::catalog_inventory"))),
    "stores": ("Stores", frozenset(("Magento_Backend::store",))),
}
"""The boxes of Resource Access, and the rights below each."""
_WITH_ANY = frozenset(("Magento_Backend::admin",))
"""What comes with any of them."""
_VALUES = {
    "consumer_key": "Consumer Key",
    "consumer_secret": "Consumer Secret",
    "access_token": "Access Token",
    "secret": "Access Token Secret",
}
_LIST, _INFO, _API, _ALLOW, _DETAILS = "integrations", "integration", "api", "allow", "details"
_USERS, _USER, _ROLE = "users", "user", "role"
_TABS = (Go("Integration Info", _INFO), Go("API", _API))
_USER_TABS = (Go("User Info", _USER), Go("User Role", _ROLE))


def rights(account: Account) -> frozenset[str]:
    """What an integration may read."""
    ticked = [below for flag, (_, below) in RESOURCES.items() if account.has(flag) or account.has(ALL)]
    return _WITH_ANY.union(*ticked) if ticked else frozenset()


def _list(account: Account) -> Page:
    add = Go("Add New Integration", _INFO)
    if not account.has(SAVED):
        return Page("Integrations", (Note("nothing"), add))
    if not account.has(ACTIVE):
        return Page("Integrations", (Fact("Name", "XTND"), Go("Activate", _ALLOW)))
    again = Form("Reauthorize", makes="tokens", then=_DETAILS, quiet=True)
    row = (Fact("Name", "XTND"), Go("XTND", _DETAILS), Go("Edit", _API))
    return Page("Integrations", (*row, again, Note("replaces")))


def _info(account: Account) -> Page:
    return Page("New Integration", (Fact("Name", "XTND"), Go("API", _API)), _TABS)


def _api(account: Account) -> Page:
    chosen = ALL if account.has(ALL) else CUSTOM
    access = Choice("access", "Resource Access", ((CUSTOM, "Custom"), (ALL, "All")), chosen)
    boxes = tuple(Tick(flag, label, account.has(flag)) for flag, (label, _) in RESOURCES.items())
    return Page("API", (Form("Save", (access, *boxes), on=frozenset((SAVED,)), then=_LIST),), _TABS)


def _allow(account: Account) -> Page:
    if not account.has(SAVED):
        return _list(account)
    may = [label for flag, (label, _) in RESOURCES.items() if account.has(flag) or account.has(ALL)]
    form = Form("Allow", on=frozenset((ACTIVE,)), makes=KEY, then=_DETAILS)
    return Page("Approve Access for XTND", (Fact("API", ", ".join(may) or "–"), form))


def _details(account: Account) -> Page:
    if not account.has(ACTIVE):
        return _list(account)
    values = tuple(Value(label, account.values[name]) for name, label in _VALUES.items())
    return Page("Integration Details", (*values, Note("copy"), Go("Done", _LIST)))


def _users(account: Account) -> Page:
    if account.has(ADMIN, SAVED_USER):
        return Page("All Users", (Fact("User Name", account.values["admin_name"]), Go("Edit", _USER)))
    return Page("All Users", (Form("Add New User", makes=ADMIN, then=_USER),))


def _user(account: Account) -> Page:
    if not account.has(ADMIN):
        return _users(account)
    values = (Value("User Name", account.values["admin_name"]), Value("Password", account.values["admin_password"]))
    return Page("User Info", (Note("made_up"), *values, Note("copy"), Go("User Role", _ROLE)), _USER_TABS)


def _role(account: Account) -> Page:
    if not account.has(ADMIN):
        return _users(account)
    role = Tick(ADMINISTRATORS, "Administrators", account.has(ADMINISTRATORS))
    return Page("User Role", (Form("Save User", (role,), on=frozenset((SAVED_USER,)), then=_USERS),), _USER_TABS)


def _tokens(account: Account) -> Mapping[str, str]:
    return {"access_token": made_up(32), "secret": made_up(32)}


def _four(account: Account) -> Mapping[str, str]:
    return {"consumer_key": made_up(32), "consumer_secret": made_up(32), **_tokens(account)}


def _admin(account: Account) -> Mapping[str, str]:
    return {"admin_name": f"xtnd-{made_up(4)}", "admin_password": f"Practice-{made_up(8)}", "admin_token": made_up(32)}


def back_office(hosts: Mapping[str, str]) -> BackOffice:
    """An office at each of these shops."""
    resources = frozenset(RESOURCES)
    return BackOffice(
        shops=hosts,
        user="Gunnar Lom",
        screens={
            _LIST: _list,
            _INFO: _info,
            _API: _api,
            _ALLOW: _allow,
            _DETAILS: _details,
            _USERS: _users,
            _USER: _user,
            _ROLE: _role,
        },
        menu=(Go("System > Extensions > Integrations", _LIST), Go("System > Permissions > All Users", _USERS)),
        ready=frozenset((SAVED, ACTIVE, *resources)),
        makers={KEY: _four, "tokens": _tokens, ADMIN: _admin},
        fields=tuple(_VALUES),
        stories={
            "works": LOOK_UP,
            "wrong_token": Change(makes="tokens"),
            "wrong_consumer_key": NEW_KEY,
            "no_orders": withdraw("sales"),
            "no_access": withdraw(*resources),
        },
        remedies={
            **dict.fromkeys((ProblemCode.KEY_REJECTED, SIGNATURE_REJECTED.code, VALUES_REJECTED.code), LOOK_UP),
            ProblemCode.KEY_LACKS_PERMISSION: grant(*resources),
            ProblemCode.PERMISSION_MISSING: grant(*resources),
        },
    )
