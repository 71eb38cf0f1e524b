"""The back office of the sandbox shops: a role and a user with it, by the names that the guide quotes."""

from collections.abc import Mapping

from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.systems.back_office import (
    KEY,
    LOOK_UP,
    Account,
    BackOffice,
    Change,
    grant,
    made_up,
    made_up_hex,
    withdraw,
)
from xtnd_wizard.systems.office_pages import Choice, Fact, Form, Go, Note, Page, Tick, Value

ALL, CUSTOM = "all", "custom"
ROLE, USER, GIVEN, ACTIVE = "role", "user", "given", "active"
"""There is a role, there is a user, the user has the role, the account is active."""
RESOURCES: Mapping[str, tuple[str, str]] = {
    "core": ("Core", "core/"),
    "sales": ("Sales", "sales/"),
    "catalog": ("Catalog", "catalog/"),
    "stock": ("Catalog Inventory", "cataloginventory/"),
}
"""The boxes of Role Resources, and how the permissions below each begin."""
_ROLES, _ROLE_INFO, _RESOURCES = "roles", "role", "resources"
_USERS, _USER_INFO, _USER_ROLE = "users", "user", "user_role"
_ROLE_TABS = (Go("Role Info", _ROLE_INFO), Go("Role Resources", _RESOURCES))
_USER_TABS = (Go("User Info", _USER_INFO), Go("User Role", _USER_ROLE))


def may(account: Account, permission: str) -> bool:
    """Whether the role's boxes cover a permission."""
    return account.has(ALL) or any(
        account.has(flag) and permission.startswith(below) for flag, (_, below) in RESOURCES.items()
    )


def _roles(account: Account) -> Page:
    row = (Go("XTND", _RESOURCES),) if account.has(ROLE) else (Note("nothing"), Go("Add New Role", _ROLE_INFO))
    return Page("Roles", row)


def _role_info(account: Account) -> Page:
    return Page("Role Info", (Fact("Role Name", "XTND"), Go("Role Resources", _RESOURCES)), _ROLE_TABS)


def _resources(account: Account) -> Page:
    chosen = ALL if account.has(ALL) else CUSTOM
    access = Choice("access", "Resource Access", ((CUSTOM, "Custom"), (ALL, "All")), chosen)
    boxes = tuple(Tick(flag, label, account.has(flag)) for flag, (label, _) in RESOURCES.items())
    form = Form("Save Role", (access, *boxes), on=frozenset((ROLE,)), then=_ROLES)
    return Page("Role Resources", (form,), _ROLE_TABS)


def _users(account: Account) -> Page:
    if account.has(USER):
        return Page("Users", (Go(account.values["access_token"], _USER_INFO),))
    new = Form("Add New User", on=frozenset((ACTIVE,)), makes=KEY, then=_USER_INFO)
    return Page("Users", (Note("nothing"), new))


def _user_info(account: Account) -> Page:
    if not account.has(KEY):
        return _users(account)
    name = Value("User Name", account.values["access_token"])
    if account.has(USER) and account.shown_on != _USER_INFO:
        active = Choice(
            "active",
            "This account is",
            ((ACTIVE, "Active"), ("inactive", "Inactive")),
            ACTIVE if account.has(ACTIVE) else "inactive",
        )
        again = Form("New API Key", makes="secret", quiet=True)
        return Page("User Info", (name, Form("Save User", (active,)), again, Note("replaces")), _USER_TABS)
    key = Value("API Key", account.values["secret"])
    on = () if account.has(USER) else (Go("User Role", _USER_ROLE),)
    return Page("User Info", (Note("made_up"), name, key, Note("copy"), Note("once_saved"), *on), _USER_TABS)


def _user_role(account: Account) -> Page:
    if not account.has(KEY):
        return _users(account)
    if not account.has(ROLE):
        return Page("User Role", (Note("nothing"), Go("Add New Role", _ROLE_INFO)), _USER_TABS)
    form = Form("Save User", (Tick(GIVEN, "XTND", account.has(GIVEN)),), on=frozenset((USER,)), then=_USERS)
    return Page("User Role", (form,), _USER_TABS)


def _key(account: Account) -> Mapping[str, str]:
    return {"secret": f"Lagom-till-fika-{made_up(8)}", "session": made_up_hex(32)}


def back_office(shops: Mapping[str, str]) -> BackOffice:
    """An office at each of these shops."""
    return BackOffice(
        shops=shops,
        user="Sven Läst",
        screens={
            _ROLES: _roles,
            _ROLE_INFO: _role_info,
            _RESOURCES: _resources,
            _USERS: _users,
            _USER_INFO: _user_info,
            _USER_ROLE: _user_role,
        },
        menu=(
            Go("System > Web Services > SOAP/XML-RPC - Users", _USERS),
            Go("System > Web Services > SOAP/XML-RPC - Roles", _ROLES),
        ),
        ready=frozenset((ROLE, USER, GIVEN, ACTIVE, *RESOURCES)),
        makers={KEY: lambda account: {"access_token": f"xtnd-{made_up(6)}", **_key(account)}, "secret": _key},
        stories={
            "works": LOOK_UP,
            "wrong_key": Change(makes="secret"),
            "no_orders": withdraw("sales"),
            "no_stock": withdraw("stock"),
        },
        remedies={
            ProblemCode.SIGN_IN_REJECTED: Change(on=frozenset((USER, GIVEN, ACTIVE, ROLE))),
            ProblemCode.PERMISSION_MISSING: grant(*RESOURCES),
        },
    )
