"""The back office of the sandbox shops: tabs and buttons by the names that the guide quotes."""

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
from xtnd_wizard.systems.office_pages import Choice, Fact, Form, Go, Note, Page, Tick, Value
from xtnd_wizard.systems.woocommerce.problems import KEY_CANNOT_READ
from xtnd_wizard.systems.woocommerce.sandbox_sites import PROXIED

READ, WRITE, READ_WRITE = "read", "write", "read_write"
HTTPS = "https"
"""Whether the proxy tells WordPress of https, at the one shop where it did not."""
MANAGER, CLERK, CUSTOMER = "manager", "clerk", "customer"
_PERMISSIONS = ((READ, "Read"), (WRITE, "Write"), (READ_WRITE, "Read/Write"))
_ROLES = ((MANAGER, "Shop manager"), (CLERK, "Shop clerk"), (CUSTOMER, "Customer"))
_GENERAL, _ADVANCED, _KEYS, _NEW, _MADE, _EDIT, _USERS = "general", "advanced", "keys", "new", "made", "edit", "users"
_TABS = (Go("General", _GENERAL), Go("Advanced", _ADVANCED))
_BELOW_ADVANCED = (*_TABS, Go("REST API", _KEYS))


def _chosen(account: Account, options: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    return next(option for option in options if account.has(option[0]))


def _general(account: Account) -> Page:
    return Page("Settings", (Fact("Currency", "SEK"),), _TABS)


def _advanced(account: Account) -> Page:
    return Page("Settings", (Go("REST API", _KEYS),), _BELOW_ADVANCED)


def _keys(account: Account) -> Page:
    if not account.has(KEY):
        return Page("REST API", (Note("nothing"), Go("Create an API key", _NEW)), _BELOW_ADVANCED)
    ends, permissions = account.values["access_token"][-7:], _chosen(account, _PERMISSIONS)[1]
    row = (Fact("XTND", f"…{ends}, {permissions}"), Go("Edit XTND", _EDIT), Go("Add key", _NEW))
    return Page("REST API", (*row, Note("replaces")), _BELOW_ADVANCED)


def _permissions(account: Account) -> Choice:
    return Choice("permissions", "Permissions", _PERMISSIONS, _chosen(account, _PERMISSIONS)[0])


def _new(account: Account) -> Page:
    user = Fact("User", f"Siv Berg ({_chosen(account, _ROLES)[1]})")
    form = Form("Generate API key", (_permissions(account),), makes=KEY, then=_MADE)
    return Page("Key details", (Fact("Description", "XTND"), user, form), _BELOW_ADVANCED)


def _made(account: Account) -> Page:
    """Both values, as long as they are shown."""
    if account.shown_on != _MADE:
        return _keys(account)
    values = (Value("Consumer key", account.values["access_token"]), Value("Consumer secret", account.values["secret"]))
    return Page("Key details", (Note("once"), *values, Note("copy")), _BELOW_ADVANCED)


def _edit(account: Account) -> Page:
    if not account.has(KEY):
        return _keys(account)
    form = Form("Update", (_permissions(account),), then=_KEYS)
    return Page("Key details", (Fact("Description", "XTND"), form), _BELOW_ADVANCED)


def _users(account: Account) -> Page:
    role = Choice("role", "Role", _ROLES, _chosen(account, _ROLES)[0])
    return Page("Users", (Fact("User", "Siv Berg"), Form("Update User", (role,)), Note("colleague")))


def _server(account: Account) -> Page:
    tick = Tick(HTTPS, "X-Forwarded-Proto: https", account.has(HTTPS))
    return Page("Server", (Form("Save", (tick,)), Note("colleague")) if account.host == PROXIED else (Note("nothing"),))


def _only(flag: str, options: tuple[tuple[str, str], ...]) -> Change:
    """One of several that exclude each other."""
    return Change(on=frozenset((flag,)), off=frozenset(other for other, _ in options) - {flag})


def back_office(shops: Mapping[str, str]) -> BackOffice:
    """An office at each of these shops."""
    return BackOffice(
        shops=shops,
        user="Siv Berg",
        screens={
            _GENERAL: _general,
            _ADVANCED: _advanced,
            _KEYS: _keys,
            _NEW: _new,
            _MADE: _made,
            _EDIT: _edit,
            _USERS: _users,
            "server": _server,
        },
        menu=(Go("WooCommerce > Settings", _GENERAL), Go("Users", _USERS), Go("Server", "server")),
        at_first=frozenset((READ, MANAGER)),
        ready=frozenset((READ_WRITE, MANAGER)),
        makers={KEY: lambda account: {"access_token": f"ck_{made_up_hex(40)}", "secret": f"cs_{made_up_hex(40)}"}},
        stories={
            "works": LOOK_UP,
            "wrong_key": NEW_KEY,
            "https_hidden": withdraw(HTTPS),
            "write_only": _only(WRITE, _PERMISSIONS),
            "no_right": _only(CUSTOMER, _ROLES),
            "no_shipping_right": _only(CLERK, _ROLES),
        },
        remedies={
            **dict.fromkeys((ProblemCode.KEY_REJECTED, ProblemCode.SECRET_REJECTED), LOOK_UP),
            ProblemCode.SIGN_IN_REJECTED: LOOK_UP,
            ProblemCode.HTTPS_HIDDEN: grant(HTTPS),
            KEY_CANNOT_READ.code: _only(READ_WRITE, _PERMISSIONS),
            ProblemCode.KEY_LACKS_PERMISSION: _only(MANAGER, _ROLES),
            ProblemCode.PERMISSION_MISSING: _only(MANAGER, _ROLES),
        },
    )
