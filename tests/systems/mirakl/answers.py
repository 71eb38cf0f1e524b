"""What Mirakl answers, and what a merchant is told about it."""

from respx.patterns import M

from tests.systems.mocked import Reply, page, route
from tests.systems.tables import Verdict, name_of, row
from xtnd_wizard.systems.mirakl import SYSTEM

EVERYTHING = set(SYSTEM.checks.codes)

SCENARIOS = {
    "works": Verdict(proven=EVERYTHING, calls=6),
    "wrong_key": Verdict({"key": "key_rejected"}, proven=set(), calls=1, field="access_token"),
    "no_role": Verdict({"role": "key_lacks_permission"}, proven={"recognise", "key"}, calls=1, field="access_token"),
    "suspended": Verdict({"shop": "account_suspended"}, proven=EVERYTHING - {"shop"}, calls=6),
    "two_shops": Verdict(proven=EVERYTHING - {"shipments"}, calls=5, not_applicable={"shipments"}),
    "rate_limited": Verdict({"recognise": "rate_limited"}, proven=set(), calls=1),
    "slow": Verdict({"recognise": "slow"}, proven=set(), calls=1),
    "other_marketplace": Verdict({"key": "key_rejected"}, proven=set(), calls=1, field="access_token"),
    "another_site": Verdict({"recognise": "not_an_api"}, proven=set(), calls=1, field="api_url"),
    "down": Verdict({"recognise": "upstream_down"}, proven=set(), calls=2),
}

KEY = SYSTEM.sandbox.scenarios[0].values["access_token"]
PC01 = M(path="/api/platform/configuration")
REAL, MADE_UP = PC01 & M(headers={"authorization": KEY}), PC01 & ~M(headers={"authorization": KEY})
PARTS = {
    "orders": M(path="/api/orders"),
    "offers": M(path="/api/offers"),
    "shipments": M(path="/api/shipments"),
    "account": M(path="/api/account"),
}

SIGN_IN = (
    (Reply(401, {"message": "marker", "status": 401}), "key", "key_rejected"),
    (Reply(401, b""), "key", "key_rejected"),
    (Reply(401, b"marker"), "key", "key_rejected"),
    (Reply(403, {"message": "marker", "status": 403}), "role", "key_lacks_permission"),
    (Reply(402), "recognise", "account_locked"),
    (Reply(429), "recognise", "rate_limited"),
    (Reply(500), "recognise", "upstream_down"),
    (Reply(503, headers={"retry-after": "5"}), "recognise", "upstream_down"),
    (Reply(302, headers={"location": "https://login.example.org/"}), "recognise", "redirected"),
    (page("", 403, **{"cf-mitigated": "challenge"}), "recognise", "blocked_by_waf"),
    (page("<!doctype html><title>marker</title>"), "recognise", "not_an_api"),
    (Reply(200, b"not json"), "recognise", "not_an_api"),
    (Reply(200, {}), "recognise", "not_an_api"),
    (Reply(200, []), "recognise", "not_an_api"),
    (Reply(200, None), "recognise", "not_an_api"),
    (Reply(200, "Mirakl"), "recognise", "not_an_api"),
    (Reply(200, 5), "recognise", "not_an_api"),
    (Reply(200, {"message": "marker"}), "recognise", "not_an_api"),
    (Reply(200, [{"platform_name": "Träslottet"}]), "recognise", "not_an_api"),
)
"""The first answer alone decides whether anything else is asked."""

CONTROL: tuple[tuple[Reply, dict[str, str]], ...] = (
    (Reply(401), {}),
    (Reply(403), {}),
    (Reply(404), {"control": "control_inconclusive"}),
    (Reply(500), {"control": "control_inconclusive"}),
    (Reply(302, headers={"location": "/login"}), {"control": "control_inconclusive"}),
    (page("marker"), {"control": "control_inconclusive"}),
    (Reply(429, headers={"retry-after": "9"}), {"control": "rate_limited"}),
    (Reply(200), {"control": "endpoint_does_not_check_keys"}),
)
"""Only a refusal of the made-up key proves that keys are checked."""

AFTER_SIGN_IN = (
    (Reply(401), "permission_missing"),
    (Reply(403), "permission_missing"),
    (Reply(429), "rate_limited"),
    (Reply(500, b"marker"), "upstream_down"),
    (Reply(404), "answer_unreadable"),
    (Reply(302, headers={"location": "/login"}), "answer_unreadable"),
    (Reply(200, b"[]"), "answer_unreadable"),
    (page("marker"), "answer_unreadable"),
)
"""One missing permission is named and hides none of the rest."""

ROWS = (
    *(
        row(
            f"sign in {number} {name_of(reply)}",
            route(REAL, reply),
            {check: problem},
            {"recognise", "key"} if check == "role" else set(),
            calls=1,
        )
        for number, (reply, check, problem) in enumerate(SIGN_IN)
    ),
    *(
        row(f"control {name_of(reply)}", route(MADE_UP, reply), problems, EVERYTHING - problems.keys())
        for reply, problems in CONTROL
    ),
    *(
        row(
            f"{check} {name_of(reply)}",
            route(pattern, reply),
            {check: problem},
            EVERYTHING - {check} - ({"shop"} if check == "account" else set()),
        )
        for check, pattern in PARTS.items()
        for reply, problem in AFTER_SIGN_IN
    ),
)
