"""Magento 2, also sold as Adobe Commerce: shop software that each merchant runs on a host of their own."""

from pathlib import Path

from xtnd_wizard.systems.cleaning import keep_text
from xtnd_wizard.systems.contract import API_URL, CredentialField, HostRules, System
from xtnd_wizard.systems.magento2.checks import CHECKS
from xtnd_wizard.systems.magento2.fields import (
    AUTH_METHODS,
    NOT_A_SHOP,
    PASSWORD_LABELS,
    USER_LABELS,
    clean_access_token,
    clean_access_token_secret,
    clean_consumer_key,
    clean_consumer_secret,
    clean_password,
    clean_user,
    shop_address,
    shop_folder,
)
from xtnd_wizard.systems.magento2.problems import PROBLEMS
from xtnd_wizard.systems.magento2.sandbox import SANDBOX
from xtnd_wizard.systems.recognition import Paste

ORDER = 30

_INTEGRATION, _ADMIN = AUTH_METHODS

SYSTEM = System(
    code="magento2",
    name="Magento 2",
    xtnd_name="MagentoV2",
    auth_methods=AUTH_METHODS,
    fields=(
        CredentialField("consumer_key", clean_consumer_key, auth_method=_INTEGRATION),
        CredentialField("consumer_secret", clean_consumer_secret, auth_method=_INTEGRATION),
        CredentialField("access_token", clean_access_token, auth_method=_INTEGRATION),
        CredentialField("secret", clean_access_token_secret, auth_method=_INTEGRATION),
        CredentialField(
            "access_token",
            clean_user,
            auth_method=_ADMIN,
            any_text=True,
            expected=frozenset((Paste.EMAIL,)),
            labels=USER_LABELS,
        ),
        CredentialField("secret", clean_password, auth_method=_ADMIN, any_text=True, labels=PASSWORD_LABELS),
        CredentialField(API_URL, keep_text, sealed=False),
    ),
    hosts=HostRules(rewrite=shop_address, sub_path=shop_folder, not_for_sellers=NOT_A_SHOP),
    checks=CHECKS,
    sandbox=SANDBOX,
    folder=Path(__file__).parent,
    problems=PROBLEMS,
)
