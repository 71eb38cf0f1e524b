"""The two addresses of an approval: the way to the channel's consent page, and the way back."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import Conflict, NotFound, NotReady, OAuthClientMissing, StorageFailed
from xtnd_wizard.limits.networks import network_of
from xtnd_wizard.sandbox import browser_address
from xtnd_wizard.service import service
from xtnd_wizard.web.identity import tenant_in
from xtnd_wizard.wizard.approvals import APPROVED

_LONGEST = 4096
_OUR_OWN_LINKS = ("same-origin", "none")
"""What a browser says of a link on our own page, and of an address that a person opened. Old ones say nothing."""


async def begin(request: Request) -> Response:
    """Send the merchant to the channel's consent page, for the draft that the link names."""
    # Nobody else sends a merchant on this way. A foreign page could otherwise crowd out the one that is awaited.
    if request.headers.get("sec-fetch-site", "none") not in _OUR_OWN_LINKS:
        return _to("/enter")
    draft_id = request.query_params.get("draft", "")[:_LONGEST]
    try:
        address = await service().oauth.begin(_actor(request), request.path_params["system"], draft_id)
    except NotFound:  # gone by now, or a link from before links named their draft
        return _to_page("returned", outcome="draft_gone")
    except (Conflict, NotReady):
        return _to_page("system", draft=draft_id)
    except OAuthClientMissing:
        return _to_page("obtain", draft=draft_id)
    except StorageFailed:
        return _to_page("returned", outcome="unreachable", draft=draft_id)
    return _to(browser_address(address))


async def finish(request: Request) -> Response:
    """Take the merchant back to their draft: to the checks, which begin by themselves, or to what went wrong.

    The code and the state leave the address bar here.
    """
    answer = {name: value[:_LONGEST] for name, value in request.query_params.items()}
    actor, system_code, oauth = _actor(request), request.path_params["system"], service().oauth
    outcome = await oauth.finish(actor, system_code, answer)
    draft_id = await oauth.draft_id_of(actor, answer.get("state", ""))
    if outcome == APPROVED:
        return _to_page("verify", approved="1", draft=draft_id)
    return _to_page("returned", outcome=outcome, draft=draft_id)


def _actor(request: Request) -> Actor:
    """Who asks. A browser without our cookie is of no tenant, which has nothing."""
    return Actor(tenant_in(request.scope) or "", network=network_of(request.client.host if request.client else None))


def _to_page(name: str, **query: str) -> Response:
    """To one of our own pages; what is empty stays out of its address."""
    kept = urlencode({key: value for key, value in query.items() if value})
    return _to(f"/{name}?{kept}" if kept else f"/{name}")


def _to(address: str) -> Response:
    return RedirectResponse(address, 303, headers={"cache-control": "no-store"})
