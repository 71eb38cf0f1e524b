"""What Fortnox answers, and what a merchant is told about it."""

from itertools import product
from typing import Any

from respx.patterns import M

from tests.systems.mocked import Reply, page, route
from tests.systems.tables import Verdict, name_of, row
from xtnd_wizard.systems.fortnox import SYSTEM

EVERYTHING = set(SYSTEM.checks.codes)

SCENARIOS = {
    "works": Verdict(proven=EVERYTHING, calls=6),
    "withdrawn": Verdict({"key": "consent_lost"}, proven={"recognise"}, calls=1, field="access_token"),
    "unknown_token": Verdict({"key": "consent_lost"}, proven={"recognise"}, calls=1, field="access_token"),
    "expired": Verdict({"key": "consent_lost"}, proven={"recognise"}, calls=1, field="access_token"),
    "no_api_licence": Verdict({"licence": "licence_missing"}, proven={"recognise", "key"}, calls=1),
    "no_licence": Verdict({"supplier_invoices": "licence_missing"}, proven=EVERYTHING - {"supplier_invoices"}, calls=6),
    "no_scope": Verdict(
        {"vouchers": "permission_missing"}, proven=EVERYTHING - {"vouchers"}, calls=6, field="access_token"
    ),
    "rate_limited": Verdict({"recognise": "rate_limited"}, proven=set(), calls=1),
    "down": Verdict({"recognise": "upstream_down"}, proven=set(), calls=1),
}

COMPANY = M(path="/3/companyinformation")
LISTS = {
    "orders": M(path="/3/orders"),
    "invoices": M(path="/3/invoices"),
    "articles": M(path="/3/articles"),
    "supplier_invoices": M(path="/3/supplierinvoices"),
    "vouchers": M(path="/3/vouchers"),
}


def refusal(code: object, *, small: bool = False) -> dict[str, Any]:
    """Fortnox's error, in either of its spellings."""
    parts = {"Error": 1, "Message": "marker", "Code": code}
    return {"ErrorInformation": {name.lower() if small else name: part for name, part in parts.items()}}


PROVEN = {"key": {"recognise"}, "licence": {"recognise", "key"}, "company": {"recognise", "key"}, "recognise": set()}
"""What is proven where the first answer fails at a check."""

CODES = (
    (2000310, "key", "consent_lost"),
    (2000311, "key", "consent_lost"),
    (2003275, "key", "consent_lost"),
    (2001103, "licence", "licence_missing"),
    (2001101, "licence", "licence_missing"),
    (2000663, "company", "permission_missing"),
)
"""The code comes before the status, however it is spelled."""

NO_CODES: tuple[Any, ...] = (None, {}, [], {"message": "marker"})
SIGN_IN = (
    *((Reply(401, body), "key", "consent_lost") for body in NO_CODES),
    (Reply(401, refusal("x")), "key", "consent_lost"),
    (Reply(401, refusal(True)), "key", "consent_lost"),
    (Reply(401, b""), "key", "consent_lost"),
    (Reply(403, {}), "company", "permission_missing"),
    (Reply(200, {}), "recognise", "not_an_api"),
    (Reply(200, []), "recognise", "not_an_api"),
    (Reply(200, {"CompanyInformation": "x"}), "recognise", "not_an_api"),
    (page("<h1>Underhåll</h1>"), "recognise", "not_an_api"),
    (page("<h1>Nej</h1>", 403), "recognise", "not_an_api"),
    (Reply(400, refusal(2000999)), "recognise", "not_an_api"),
)

AFTER_SIGN_IN = (
    (Reply(403, refusal(2001101)), "licence_missing"),
    (Reply(403, refusal(2001103)), "licence_missing"),
    (Reply(400, refusal(2000663)), "permission_missing"),
    (Reply(400, refusal("2000663", small=True)), "permission_missing"),
    (Reply(200, refusal(2000663)), "permission_missing"),
    (Reply(401, {}), "permission_missing"),
    (Reply(401, refusal(2000311)), "permission_missing"),
    *((Reply(status, refusal(2003275)), "permission_missing") for status in (400, 401, 403)),
    (Reply(403, {}), "permission_missing"),
    (Reply(404, refusal(2000423)), "answer_unreadable"),
    (Reply(400, refusal(2000999)), "answer_unreadable"),
    (Reply(200, []), "answer_unreadable"),
    (Reply(429, {}), "rate_limited"),
    (Reply(500, b""), "upstream_down"),
)
"""After the sign-in neither host nor approval is blamed."""

ROWS = (
    *(
        row(
            f"code {spelled!r} {'small' if small else 'large'} {status}",
            route(COMPANY, Reply(status, refusal(spelled, small=small))),
            {check: problem},
            PROVEN[check],
            calls=1,
        )
        for (code, check, problem), small, status in product(CODES, (True, False), (400, 401, 403, 404, 500))
        for spelled in (code, str(code))
    ),
    *(
        row(f"sign in {number} {name_of(reply)}", route(COMPANY, reply), {check: problem}, PROVEN[check], calls=1)
        for number, (reply, check, problem) in enumerate(SIGN_IN)
    ),
    *(
        row(f"{check} {number} {name_of(reply)}", route(pattern, reply), {check: problem}, EVERYTHING - {check})
        for check, pattern in LISTS.items()
        for number, (reply, problem) in enumerate(AFTER_SIGN_IN)
    ),
)
