"""What is typed into a sealed field is a secret from the moment the form hands it over."""

from collections import defaultdict
from typing import Any

import pytest

from tests.pages.visitor import TENANT, Visitor
from tests.walks import MARKER_KEY, MARKER_PASSWORD, SYSTEM, WORKS, Tab, draft_of
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.service import Service
from xtnd_wizard.systems.contract import API_URL, System


def test_the_form_hands_over_secrets_for_sealed_fields(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    cleaned, seen = System.clean, defaultdict(list)

    def watched(system: System, name: str, pasted: Any, *arguments: Any) -> Any:
        seen[name].append(pasted)
        return cleaned(system, name, pasted, *arguments)

    Tab(service, TENANT).choose(SYSTEM.code, WORKS.values[API_URL])
    monkeypatch.setattr(System, "clean", watched)
    visitor = Visitor(service, "en").open("enter")
    visitor.type("enter_access_token", MARKER_KEY).type("enter_secret", MARKER_PASSWORD)
    visitor.type("enter_shop_id", "2041").press("enter.submit")
    assert seen["access_token"] == [Secret(MARKER_KEY)]
    assert seen["secret"] == [Secret(MARKER_PASSWORD)]
    assert {type(pasted) for name in (API_URL, "shop_id") for pasted in seen[name]} == {str}
    assert draft_of(service, TENANT).sealed.keys() == {"access_token", "secret"}
