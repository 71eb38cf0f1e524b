"""WooCommerce: the shop inside WordPress, each on a host of its own, some in a folder below it."""

from pathlib import Path

from xtnd_wizard.domain.api_url import ApiUrl
from xtnd_wizard.systems.cleaning import keep_text, path_until
from xtnd_wizard.systems.contract import API_URL, CredentialField, HostRules, System
from xtnd_wizard.systems.woocommerce.checks import CHECKS
from xtnd_wizard.systems.woocommerce.fields import (
    KEY,
    KEY_LABELS,
    NOT_THE_SITE,
    SECRET,
    SECRET_LABELS,
    clean_consumer_key,
    clean_consumer_secret,
    shop_address,
)
from xtnd_wizard.systems.woocommerce.problems import PROBLEMS
from xtnd_wizard.systems.woocommerce.sandbox import SANDBOX

ORDER = 50


def key_page(url: ApiUrl) -> str:
    """WooCommerce > Settings > Advanced > REST API (woocommerce.com/document/woocommerce-rest-api)."""
    return f"{url}/wp-admin/admin.php?page=wc-settings&tab=advanced&section=keys"


SYSTEM = System(
    code="woocommerce",
    name="WooCommerce",
    fields=(
        CredentialField("access_token", clean_consumer_key, labels=KEY_LABELS, shape=KEY),
        CredentialField("secret", clean_consumer_secret, labels=SECRET_LABELS, shape=SECRET),
        CredentialField(API_URL, keep_text, sealed=False),
    ),
    hosts=HostRules(rewrite=shop_address, sub_path=path_until(*NOT_THE_SITE)),
    checks=CHECKS,
    sandbox=SANDBOX,
    folder=Path(__file__).parent,
    problems=PROBLEMS,
    key_page=key_page,
)
