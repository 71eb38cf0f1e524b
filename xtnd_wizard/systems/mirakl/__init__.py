"""Mirakl: the software behind hundreds of marketplaces, each on a host of its own."""

from pathlib import Path

from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.systems.cleaning import keep_text
from xtnd_wizard.systems.contract import API_URL, CredentialField, HostRules, System
from xtnd_wizard.systems.mirakl.checks import CHECKS
from xtnd_wizard.systems.mirakl.fields import (
    KEY_IN_TEXT,
    KEY_LABELS,
    NOT_FOR_SELLERS,
    PASSWORD_LABELS,
    clean_key,
    clean_shop_id,
)
from xtnd_wizard.systems.mirakl.marketplaces import marketplaces
from xtnd_wizard.systems.mirakl.problems import PROBLEMS
from xtnd_wizard.systems.mirakl.sandbox import SANDBOX

ORDER = 10


def key_page(url: ApiUrl) -> str:
    """The API key tab of the user settings (docs.juble.io/channels/mirakl/add-account)."""
    return f"{url.origin}/mmp/shop/user/api"


SYSTEM = System(
    code="mirakl",
    name="Mirakl",
    fields=(
        CredentialField("access_token", clean_key, labels=KEY_LABELS, shape=KEY_IN_TEXT),
        CredentialField("secret", keep_text, any_text=True, labels=PASSWORD_LABELS),
        CredentialField(API_URL, keep_text, sealed=False),
        CredentialField("shop_id", clean_shop_id, sealed=False, required=False),
    ),
    hosts=HostRules(tenant_domain="mirakl.net", not_for_sellers=NOT_FOR_SELLERS),
    checks=CHECKS,
    sandbox=SANDBOX,
    folder=Path(__file__).parent,
    problems=PROBLEMS,
    marketplaces=marketplaces,
    key_page=key_page,
)
