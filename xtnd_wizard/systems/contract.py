"""What an external system brings along: its fields, its checks, its words and its sandbox.

One folder below `systems/` is one system. Its `__init__.py` has a `SYSTEM`; nothing outside the folder names it.
The whole of a small one, but for its sandbox (`sandbox.py`), its guide (`guide.toml`) and its words
(`words/en.po`):

    async def sign_in(context: CheckContext) -> SignInResult[str]:
        try:
            answer = await context.get("/who", secret_headers={"x-key": context.credentials.secret("access_token")})
            name = short_text(object_in(answer.json()).get("name"))
            if not name:
                raise unexpected_answer(answer, "no name")
        except RequestFailed as failure:  # a wrong key, a firewall, a slow server: each has its code by now
            return SignInResult((explain("key", "GET /who", failure, {}),))
        return SignInResult((passed("key", describe("GET /who", answer)),), name)

    async def account(context: CheckContext, name: str) -> Result:
        return Result((passed("account"),), Account(name, name))

    SYSTEM = System(
        code="kurbits",
        name="Kurbits",
        fields=(CredentialField("access_token", clean_key), CredentialField(API_URL, keep_text, sealed=False)),
        hosts=HostRules(),
        checks=Checks(SignIn(("key",), sign_in), (Check("account", account),)),
        sandbox=SANDBOX,
        folder=Path(__file__).parent,
    )

What the sign-in learns (here a name; most often a small dataclass) reaches every later check as its second
argument. `common_checks` has what checks share, `cleaning` what fields share, `oauth` what takes the place of
pasting where a merchant approves instead.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from xtnd_wizard.domain.api_url import (
    SECRET_INSIDE,
    ApiUrl,
    HostNote,
    HostRefused,
    Reading,
    SubPath,
    may_hold_a_secret,
    only_the_host,
    read_host,
)
from xtnd_wizard.domain.findings import Finding
from xtnd_wizard.domain.problems import PROBLEMS, Problem, ProblemCode
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.systems.back_office import BackOffice
from xtnd_wizard.systems.checks import Checks, Retirement
from xtnd_wizard.systems.cleaning import LONGEST_TEXT, Cleaned, CleanText, Remarks, Value
from xtnd_wizard.systems.guide import read_guide
from xtnd_wizard.systems.oauth import OAuthFlow
from xtnd_wizard.systems.recognition import Paste, recognise
from xtnd_wizard.systems.stories import Scenario, Story

API_URL = "api_url"
TOO_LONG = "field_too_long"
AUTH_METHOD = "way"
"""The name under which a draft keeps the authentication method that was chosen."""


@dataclass(frozen=True)
class CredentialField:
    """One value the merchant must fetch. Its words are in the system's guide under `fields.<name>`."""

    name: str
    """XTND's name for it: access_token, secret, api_url; or a name of the system's own."""
    clean: CleanText
    sealed: bool = True
    required: bool = True
    """An optional field is folded away."""
    auth_method: str = ""
    """The authentication method that this field belongs to; empty where it belongs to all of them."""
    any_text: bool = False
    """Whether any text may be right, as in a password, so that a slip of the clipboard has no odd shape."""
    expected: frozenset[Paste] = frozenset()
    """What else a value of this field usually looks like, so that nobody is asked about it."""
    labels: tuple[str, ...] = ()
    """What else people call it in a message, in any language; its labels in the guide count anyway."""
    shape: re.Pattern[str] | None = None
    """What values of this field look like wherever they stand, and values of no other field."""
    typed: bool = True
    """Whether a merchant enters it. A field that is not typed is filled by consent, or is the same for all."""


@dataclass(frozen=True)
class Marketplace:
    """One operator's instance, with a host of its own."""

    name: str
    country: str
    host: str


@dataclass(frozen=True)
class HostRules:
    """How this system's hosts are read out of what people paste."""

    tenant_domain: str = ""
    """What completes a name that was typed without a dot."""
    only_tenants: str = ""
    """The code of what to say to a host outside the tenant domain, where every shop is inside it."""
    not_for_sellers: Mapping[str, str] = field(default_factory=dict)
    """Known hosts that never are an API, each with the code of its explanation."""
    rewrite: Callable[[str], str] = str
    """Turns addresses of another kind that name the shop as well into one with its host."""
    sub_path: SubPath = only_the_host
    """Which folders below the host belong to the API URL."""
    fixed: str = ""
    """The one host that everybody's API is on; nothing is asked then."""


VISITOR = "xtnd_visitor"
"""Under which name the scope of a browser's request tells a sandbox app the tenant of the visitor's cookie."""


@dataclass(frozen=True)
class Sandbox:
    """The sandbox of a system that ships with the product."""

    hosts: frozenset[str]
    app: Callable[[], Any]
    """Makes the ASGI app that answers for all of its hosts."""
    scenarios: tuple[Scenario, ...]
    pages: tuple[str, ...] = ()
    """The beginnings of the paths that a browser may open. Everything else is for the outbound client only."""
    stories: tuple[Story, ...] = ()
    """What a demo can tell, the smooth one first."""
    office: BackOffice | None = None
    """Where the guide's steps can be done: `back_office` says how, and how a demo is told by the same changes."""


@dataclass(frozen=True)
class System:
    """A channel that XTND can connect to."""

    code: str
    name: str
    fields: tuple[CredentialField, ...]
    hosts: HostRules
    checks: Checks[Any]
    sandbox: Sandbox
    folder: Path
    auth_methods: tuple[str, ...] = ()
    """The recommended one first. Their words are in the guide under `auth_methods.<code>`."""
    oauth: OAuthFlow | None = None
    """For systems whose merchants approve instead of pasting."""
    problems: tuple[Problem, ...] = ()
    """What only this system can meet. The words are in its catalogues, under `problems.<code>`."""
    retirement: Retirement | None = None
    confirmations: frozenset[str] = frozenset()
    """Notes that only say what was recognised, so that nobody has to look at the form once more for them."""
    xtnd_name: str = ""
    """What XTND's list of external systems calls it, where that is another name."""
    marketplaces: Callable[[], tuple[Marketplace, ...]] = tuple
    key_page: Callable[[ApiUrl], str] | None = None
    """Where on the channel's own site a merchant gets the key."""

    def problem(self, code: str) -> Problem:
        """What is known of a problem, one that all systems share or one of this system's own.

        A stored report may name one that only another version knows; that is answered with what all have in common.
        """
        own = {problem.code: problem for problem in self.problems}
        return own.get(code) or PROBLEMS.get(code) or replace(PROBLEMS[ProblemCode.UNKNOWN], code=code)

    def problem_of(self, finding: Finding) -> Problem | None:
        """What is known of a finding's problem, with the field at fault where the finding names one."""
        known = self.problem(finding.problem_code) if finding.problem_code else None
        return replace(known, field=finding.facts["field"]) if known and "field" in finding.facts else known

    def auth_method_of(self, values: Mapping[str, str]) -> str:
        """The authentication method that was chosen, or else the recommended one; empty where there is one only."""
        code = values.get(AUTH_METHOD, "")
        return code if code in self.auth_methods else next(iter(self.auth_methods), "")

    def fields_of(self, auth_method: str) -> tuple[CredentialField, ...]:
        """The fields of one authentication method, in the order of the form."""
        return tuple(field for field in self.fields if field.auth_method in ("", auth_method))

    def sealed_fields_of(self, auth_method: str) -> frozenset[str]:
        """The names of the fields that are kept sealed."""
        return frozenset(field.name for field in self.fields_of(auth_method) if field.sealed)

    def read_host(self, text: str, trusted_origins: Collection[str] = ()) -> Reading:
        """The API URL in a pasted text. Raises HostRefused with the reason."""
        return read_host(
            self.hosts.rewrite(text),
            trusted_origins=trusted_origins,
            sandbox_hosts=self.sandbox.hosts,
            tenant_domain=self.hosts.tenant_domain,
            sub_path=self.hosts.sub_path,
        )

    def is_sandbox(self, shown: str) -> bool:
        """Whether an API URL, as it is shown, is one of the sandbox."""
        return shown.partition("/")[0] in self.sandbox.hosts

    def clean(
        self, name: str, pasted: Value, trusted_origins: Collection[str] = (), auth_method: str = ""
    ) -> Cleaned[Value]:
        """A pasted value, cleaned by its field's rules. What is pasted as a secret stays one.

        Raises KeyError for a field that is not there.
        """
        clean_text = self._cleaning(name, trusted_origins, auth_method)
        return Cleaned(*(pasted.cleaned_by(clean_text) if isinstance(pasted, Secret) else clean_text(pasted)))

    def _cleaning(self, name: str, trusted_origins: Collection[str], auth_method: str) -> CleanText:
        """How the text of a field is cleaned, whatever its length."""
        if name == API_URL:
            clean_text: CleanText = partial(self._clean_host, trusted_origins=trusted_origins)
        else:
            asked = {field.name: field for field in self.fields_of(auth_method)}[name]
            clean_text = partial(_clean_and_recognise, asked) if asked.typed else asked.clean
        return lambda text: clean_text(text) if len(text) <= LONGEST_TEXT else ("", Remarks(refusal=TOO_LONG))

    def _clean_host(self, text: str, trusted_origins: Collection[str]) -> tuple[str, Remarks]:
        """A pasted address, read. Nothing typed is lost by a refusal, unless a secret may be inside."""
        kept = "" if may_hold_a_secret(text) else text
        try:
            reading = self.read_host(text, trusted_origins)
        except HostRefused as refused:
            return "" if refused.refusal in SECRET_INSIDE else kept, Remarks(refusal=refused.refusal)
        url = reading.url
        outside = self.hosts.only_tenants and not url.host.endswith(f".{self.hosts.tenant_domain}")
        if outside and not self.is_sandbox(url.shown) and url.origin not in trusted_origins:
            return kept, Remarks(refusal=self.hosts.only_tenants)
        explanation = self.hosts.not_for_sellers.get(url.host)
        if explanation:
            return kept, Remarks(refusal=explanation)
        note = HostNote.TIDIED if reading.note is None and url.shown != text else reading.note
        return url.shown, Remarks((note,) if note else ())

    def guide(self, language: str, auth_method: str = "") -> Mapping[str, Any]:
        """The system's words in a language, from its folder; a way's own words stand over the common ones."""
        words = read_guide(self.folder, language)
        own = words["auth_methods"][auth_method] if auth_method else {}
        return {**words, **own, "fields": {**words["fields"], **own.get("fields", {})}}

    @property
    def mark(self) -> str:
        """The SVG text of the sign that stands for the system: drawn by us, in shades of one colour."""
        return _text(self.folder / "mark.svg")

    def picture(self, name: str) -> str:
        """A picture's SVG text."""
        return _text(self.folder / "pictures" / f"{name}.svg")


def _clean_and_recognise(asked: CredentialField, text: str) -> tuple[str, Remarks]:
    """A field's value out of a text, and what the text was recognised as.

    Hints at its shape give way to that. Of what can't be used nothing sealed is kept.
    """
    value, remarks = asked.clean(text)
    found = recognise(text, value, any_text=asked.any_text, expected=asked.expected)
    if found is None:
        return value, remarks
    if found.certain or remarks.refusal:
        return "" if asked.sealed or found.paste is Paste.KEY_FILE else value, Remarks(refusal=found.paste)
    return value, Remarks(question=found)


@cache
def _text(file: Path) -> str:
    return file.read_text("utf-8")
