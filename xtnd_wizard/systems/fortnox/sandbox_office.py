"""The back office of the sandbox company: who may approve, what is licensed, and what was approved."""

from collections.abc import Callable, Mapping
from secrets import randbelow

from xtnd_wizard.domain.problems import ProblemCode
from xtnd_wizard.systems.back_office import (
    KEY,
    LOOK_UP,
    NEW_KEY,
    Account,
    BackOffice,
    grant,
    made_up_hex,
    withdraw,
)
from xtnd_wizard.systems.office_pages import Fact, Form, Go, Note, Page, Tick

COMPANY, RENEWAL = "company", "renewal"
ADMINISTRATOR, INTEGRATION = "administrator", "integration"
LICENCES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "order": ("Order", ("orders",)),
    "invoicing": ("Fakturering", ("invoices", "articles")),
    "bookkeeping": ("Bokföring", ("vouchers",)),
    "supplier": ("Leverantörsfaktura", ("supplierinvoices",)),
    INTEGRATION: ("Integration", ("*",)),
}
"""What a subscription has, and what can't be read without it; `*` for all there is."""
_FIRST_NUMBER, _NUMBERS = 2_000_000, 8_000_000
"""Visitors' companies have numbers apart from everybody's."""
_USERS, _SUBSCRIPTION, _CONNECTIONS = "users", "subscription", "connections"


def missing_licences(account: Account) -> tuple[str, ...]:
    """What can't be read for want of a licence, the one for connecting first."""
    lacking = [resources for flag, (_, resources) in LICENCES.items() if not account.has(flag)]
    return tuple(sorted(resource for resources in lacking for resource in resources))


def _users(account: Account) -> Page:
    role = Tick(ADMINISTRATOR, "Systemadministratör", account.has(ADMINISTRATOR))
    return Page("Användare", (Fact("Namn", "Berit Bok"), Form("Spara", (role,)), Note("colleague")))


def _subscription(account: Account) -> Page:
    boxes = tuple(Tick(flag, label, account.has(flag)) for flag, (label, _) in LICENCES.items())
    return Page("Abonnemang", (Form("Spara", boxes), Note("colleague")))


def _connections(account: Account) -> Page:
    if not account.has(KEY):
        return Page("Kopplingar", (Note("nothing"),))
    return Page("Kopplingar", (Fact("Godkänd", "XTND"), Form("Ta bort", off=frozenset((KEY,)), quiet=True)))


def back_office(
    host: str, shop: str, access_token: Callable[[int, str], str], single_use: Callable[[int], str]
) -> BackOffice:
    """The company's office. An approval gives tokens of the shape that these two make."""

    def approval(account: Account) -> Mapping[str, str]:
        mark = made_up_hex(16)
        token = access_token(int(account.values["tenant"]), mark)
        return {"mark": mark, "access_token": token, **renewal(account)}

    def renewal(account: Account) -> Mapping[str, str]:
        return {"refresh_token": single_use(int(account.values["tenant"]))}

    everything = frozenset((ADMINISTRATOR, *LICENCES))
    return BackOffice(
        shops={host: shop},
        user="Berit Bok",
        speaks="sv",
        screens={_USERS: _users, _SUBSCRIPTION: _subscription, _CONNECTIONS: _connections},
        menu=(Go("Användare", _USERS), Go("Abonnemang", _SUBSCRIPTION), Go("Kopplingar", _CONNECTIONS)),
        at_first=everything,
        ready=everything,
        makers={
            COMPANY: lambda account: {"tenant": str(_FIRST_NUMBER + randbelow(_NUMBERS)), "nonce": made_up_hex(16)},
            KEY: approval,
            RENEWAL: renewal,
        },
        first_values=COMPANY,
        fields=("access_token", "refresh_token", "tenant"),
        stories={
            "works": LOOK_UP,
            "withdrawn": withdraw(KEY),
            "no_api_licence": withdraw(INTEGRATION),
            "no_licence": withdraw("supplier"),
        },
        remedies={ProblemCode.CONSENT_LOST: NEW_KEY, ProblemCode.LICENCE_MISSING: grant(*LICENCES)},
    )
