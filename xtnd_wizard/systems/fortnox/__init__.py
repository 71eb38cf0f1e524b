"""Fortnox: one API for every company, reached with an approval instead of a key."""

from pathlib import Path

from xtnd_wizard.systems.cleaning import keep_text
from xtnd_wizard.systems.contract import API_URL, CredentialField, HostRules, System
from xtnd_wizard.systems.fortnox.approval import OAUTH_FLOW
from xtnd_wizard.systems.fortnox.checks import CHECKS
from xtnd_wizard.systems.fortnox.fields import clean_tenant
from xtnd_wizard.systems.fortnox.sandbox import SANDBOX

ORDER = 40
SYSTEM = System(
    code="fortnox",
    name="Fortnox",
    fields=(
        CredentialField("access_token", keep_text, typed=False),
        CredentialField("refresh_token", keep_text, required=False, typed=False),
        CredentialField(API_URL, keep_text, sealed=False, typed=False),
        CredentialField("tenant", clean_tenant, sealed=False, required=False, typed=False),
    ),
    hosts=HostRules(fixed="api.fortnox.se"),
    checks=CHECKS,
    sandbox=SANDBOX,
    folder=Path(__file__).parent,
    oauth=OAUTH_FLOW,
)
