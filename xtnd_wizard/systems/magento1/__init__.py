"""Magento 1 and its successor OpenMage: a shop on the merchant's own server, asked over XML-RPC."""

from pathlib import Path

from xtnd_wizard.systems.cleaning import keep_text
from xtnd_wizard.systems.contract import API_URL, CredentialField, HostRules, System
from xtnd_wizard.systems.magento1.checks import CHECKS
from xtnd_wizard.systems.magento1.fields import KEY_LABELS, USER_LABELS, clean_key, clean_user, shop_folder
from xtnd_wizard.systems.magento1.problems import PROBLEMS
from xtnd_wizard.systems.magento1.sandbox import SANDBOX
from xtnd_wizard.systems.recognition import Paste

ORDER = 60

SYSTEM = System(
    code="magento1",
    name="Magento 1",
    xtnd_name="Magento",
    fields=(
        CredentialField(
            "access_token", clean_user, any_text=True, expected=frozenset((Paste.EMAIL,)), labels=USER_LABELS
        ),
        CredentialField("secret", clean_key, any_text=True, labels=KEY_LABELS),
        CredentialField(API_URL, keep_text, sealed=False),
    ),
    hosts=HostRules(sub_path=shop_folder),
    checks=CHECKS,
    sandbox=SANDBOX,
    folder=Path(__file__).parent,
    problems=PROBLEMS,
)
