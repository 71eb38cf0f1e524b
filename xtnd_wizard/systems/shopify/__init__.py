"""Shopify: each shop on a host of its own below myshopify.com, behind an app that the merchant made."""

from pathlib import Path

from xtnd_wizard.systems.cleaning import keep_text
from xtnd_wizard.systems.common_checks import with_retirement_notice
from xtnd_wizard.systems.contract import API_URL, CredentialField, HostRules, System
from xtnd_wizard.systems.shopify.checks import CHECKS
from xtnd_wizard.systems.shopify.fields import (
    ELSEWHERE,
    ID_LABELS,
    MARKED,
    PLAIN,
    SECRET_LABELS,
    TENANT_DOMAIN,
    clean_client_id,
    clean_secret,
    shop_address,
)
from xtnd_wizard.systems.shopify.problems import PROBLEMS
from xtnd_wizard.systems.shopify.sandbox import SANDBOX
from xtnd_wizard.systems.shopify.version import RETIREMENT

ORDER = 20

SYSTEM = System(
    code="shopify",
    name="Shopify",
    fields=(
        CredentialField("access_token", clean_client_id, labels=ID_LABELS, shape=PLAIN),
        CredentialField("secret", clean_secret, labels=SECRET_LABELS, shape=MARKED),
        CredentialField(API_URL, keep_text, sealed=False),
    ),
    hosts=HostRules(tenant_domain=TENANT_DOMAIN, only_tenants=ELSEWHERE, rewrite=shop_address),
    checks=with_retirement_notice(CHECKS, RETIREMENT),
    sandbox=SANDBOX,
    folder=Path(__file__).parent,
    problems=PROBLEMS,
    retirement=RETIREMENT,
    confirmations=frozenset(("secret_is_client_secret", "secret_is_token")),
)
