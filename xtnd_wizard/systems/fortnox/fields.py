"""What an approval gives besides its tokens. Nothing of Fortnox is pasted by anybody."""

import base64
import binascii
import json

from xtnd_wizard.systems.cleaning import NUMBER, Remarks


def clean_tenant(text: str) -> tuple[str, Remarks]:
    """A company's number; nothing where it is none, because it goes into a header as it is."""
    number = text.strip()
    return (number.lstrip("0") if NUMBER.fullmatch(number) else ""), Remarks()


def tenant_in(token: str) -> str:
    """The number of the company that a token is for, or nothing.

    It is the claim `tenantId`, and the same number as the company's DatabaseNumber
    (fortnox.se/developer, get-access-token-using-client-credentials). The token is Fortnox's own word to
    Fortnox, so its signature is not ours to judge.
    """
    try:
        _, claims, _ = token.split(".")
        payload = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        return ""
    tenant = payload.get("tenantId") if isinstance(payload, dict) else None
    if isinstance(tenant, bool) or not isinstance(tenant, str | int):
        return ""
    try:
        return clean_tenant(str(tenant))[0]
    except ValueError:  # a number with more digits than Python writes out
        return ""
