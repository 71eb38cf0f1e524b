"""The shop behind a list of stores."""

import re
from collections.abc import Mapping
from typing import Any

from xtnd_wizard.domain.findings import Account

_BASE_URL = re.compile(r"https?://([a-z0-9.-]{1,200}(?:/[\w~-][\w.~-]{0,60}){0,5})/?", re.IGNORECASE | re.ASCII)
_CODE = re.compile(r"\w{1,60}", re.ASCII)


def account_of(stores: Any, asked: str) -> Account | None:
    """The shop at the address that was asked, or else the first; None where this is no list of stores."""
    listed = [store for store in stores if isinstance(store, dict)] if isinstance(stores, list) else []
    named = {name: store for store in reversed(listed) if (name := _name_of(store))}
    if not named:
        return None
    name = asked.lower() if asked.lower() in named else list(named)[-1]
    currency = str(named[name].get("base_currency_code", ""))
    return Account(name, name, currency=currency if re.fullmatch(r"[A-Z]{3}", currency) else "")


def _name_of(store: Mapping[str, Any]) -> str:
    """A store's address without the scheme, or else its code; empty where it has neither."""
    address = _BASE_URL.fullmatch(str(store.get("base_url", "")))
    if address:
        return address.group(1).lower().removesuffix("/index.php")
    code = str(store.get("code", ""))
    return code if _CODE.fullmatch(code) else ""
