"""What an approval takes and gives, done in the sandbox's back office and on its consent page."""

import asyncio
from urllib.parse import parse_qs, urlsplit

from tests.systems.practising import Practice
from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.domain.errors import OAuthRefused
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.outbound.client import OutboundClient
from xtnd_wizard.sandbox import browser_address, sandbox_app, sandbox_hosts
from xtnd_wizard.systems.checks import Credentials
from xtnd_wizard.systems.fortnox import SYSTEM
from xtnd_wizard.systems.fortnox.approval import address, exchange, renew
from xtnd_wizard.systems.fortnox.sandbox import SANDBOX_CLIENT, SANDBOX_HOST, single_use

URL, BACK = ApiUrl(f"https://{SANDBOX_HOST}"), "/consent/fortnox"


def approve(office: Practice) -> dict[str, str]:
    """Where the button Approve leads, as a query."""
    office.open(browser_address(address(URL, SANDBOX_CLIENT.id, BACK, "state-1")))
    back = office.page.links["Approve"]
    return {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}


def tokens(code: str = "", refresh_token: str = "", tenant: str = "") -> dict[str, str]:
    async def asked() -> dict[str, str]:
        client = OutboundClient(sandbox_hosts=sandbox_hosts(), sandbox=sandbox_app)
        async with client.open_session(URL, 5) as session:
            if code:
                grant = await exchange(session, SANDBOX_CLIENT, Secret(code), BACK)
            else:
                held = Credentials(URL, {"refresh_token": Secret(refresh_token), "tenant": tenant})
                grant = await renew(session, SANDBOX_CLIENT, held)
        return {name: value.reveal() if isinstance(value, Secret) else value for name, value in grant.values.items()}

    return asyncio.run(asked())


def refused(**values: str) -> bool:
    try:
        tokens(**values)
    except OAuthRefused:
        return True
    return False


def test_an_approval_works_until_it_is_given_anew_or_taken_away() -> None:
    office = Practice(SYSTEM, SANDBOX_HOST).press("Sign in")
    first = tokens(approve(office)["code"])
    assert office.verified(**first).problems == {}
    second = tokens(approve(office)["code"])
    assert second["tenant"] == first["tenant"], "it is the same company"
    assert office.verified(**first).problems == {"key": "consent_lost"}
    assert office.verified(**second).problems == {}
    office.open(f"/sandbox/{SANDBOX_HOST}/office/connections").press("Ta bort")
    assert office.verified(**second).problems == {"key": "consent_lost"}
    assert refused(refresh_token=second["refresh_token"], tenant=second["tenant"])


def test_a_refresh_token_works_once_and_the_company_is_told_by_its_number() -> None:
    office = Practice(SYSTEM, SANDBOX_HOST).press("Sign in")
    code = approve(office)["code"]
    given = tokens(code)
    assert refused(code=code)
    assert refused(code=single_use(int(given["tenant"]))), "a company's number is no secret, so it is not enough"
    renewed = tokens(refresh_token=given["refresh_token"])
    assert office.verified(**given).problems == {}
    assert refused(refresh_token=given["refresh_token"])
    assert tokens(refresh_token="used up", tenant=given["tenant"])["access_token"] == renewed["access_token"]


def test_a_licence_is_missing_until_the_subscription_has_it() -> None:
    office = Practice(SYSTEM, SANDBOX_HOST).press("Sign in")
    given = tokens(approve(office)["code"])
    office.open(f"/sandbox/{SANDBOX_HOST}/office/").follow("Abonnemang").press("Spara", untick=("bookkeeping",))
    assert office.verified(**given).problems == {"vouchers": "licence_missing"}
    office.press("Spara", untick=("integration",))
    assert office.verified(**given).problems == {"licence": "licence_missing"}
    office.press("Spara", integration="on", bookkeeping="on")
    assert office.verified(**given).problems == {}


def test_only_a_system_administrator_can_approve() -> None:
    office = Practice(SYSTEM, SANDBOX_HOST).press("Sign in").follow("Användare")
    office.press("Spara", untick=("administrator",))
    assert approve(office) == {"error": "access_denied", "state": "state-1"}
    office.open(f"/sandbox/{SANDBOX_HOST}/office/users").press("Spara", administrator="on")
    assert "code" in approve(office)
