"""Whatever is chosen, entered, verified and saved in whatever order: only what was verified is saved."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.walks import OTHER_HOST, SYSTEM, WORKS, declared, key_refused, running, save
from xtnd_wizard.onboarding.drafts import DraftGone
from xtnd_wizard.onboarding.questions import open_questions
from xtnd_wizard.onboarding.saving import NotVerified
from xtnd_wizard.onboarding.steps import Step, first_unfinished, missing_fields

OWNER = "a" * 64
HOSTS = st.sampled_from([WORKS.values["api_url"], OTHER_HOST, "me@shop.example.com", ""])
SECRETS = st.sampled_from(["", "5d0c6e1a-8f27-4b93-9a64-2f1d7c3e1a2b", "another-value-that-is-a-key"])
GOOD_HOSTS = (WORKS.values["api_url"], OTHER_HOST)


class Merchant(RuleBasedStateMachine):
    """Does anything in any order, and keeps a simple account of what has to come of it."""

    @initialize()
    def arrive(self) -> None:
        self.folder = TemporaryDirectory()
        self.service_runs = running(Path(self.folder.name))
        self.service = self.service_runs.__enter__()
        self.held: dict[str, str] | None = None
        self.proven: dict[str, str] | None = None
        self.saved: set[str] = set()
        self.is_saved = False
        self.is_sure = False

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.service_runs.__exit__(None, None, None)
            self.folder.cleanup()

    def twin(self) -> str | None:
        draft = self.service.drafts.live(OWNER)
        known = self.service.connections.twin(draft) if draft else None
        return known.id if known else None

    @property
    def complete(self) -> bool:
        held = self.held or {}
        key, password = held.get("access_token"), held.get("secret")
        return held.get("api_url") in GOOD_HOSTS and bool(key) and bool(password) and (key != password or self.is_sure)

    def changed(self) -> None:
        if not self.complete or self.held != self.proven:
            self.proven = None

    @rule(host=HOSTS)
    def choose(self, host: str) -> None:
        self.service.drafts.choose(OWNER, SYSTEM.code, host)
        if self.held is None or self.is_saved:
            self.held, self.proven, self.is_saved, self.is_sure = {}, None, False, False
        self.held["api_url"] = host
        self.changed()

    @rule(host=HOSTS, key=SECRETS, password=SECRETS)
    def enter(self, host: str, key: str, password: str) -> None:
        typed = {"api_url": host, "access_token": key, "secret": password}
        if self.held is None or self.is_saved:
            try:
                self.service.drafts.enter(OWNER, typed)
            except DraftGone:
                return
            raise AssertionError("entered into nothing")
        self.service.drafts.enter(OWNER, typed)
        secrets = {name: typed[name] for name in SYSTEM.sealed_fields_of("") if typed[name]}
        alike = secrets.get("secret", self.held.get("secret")) == self.held.get("secret")
        self.held = {**self.held, "api_url": host, **secrets}
        self.is_sure = self.is_sure and alike and self.held.get("access_token") == self.held.get("secret")
        self.changed()

    @rule()
    @precondition(lambda self: bool(self.held) and not self.is_saved)
    def say_that_the_password_really_is_the_key(self) -> None:
        draft = self.service.drafts.live(OWNER)
        for question in open_questions(draft).values() if draft else ():
            self.service.drafts.confirm(OWNER, question.field, question.digest)
            self.is_sure = True

    @rule(works=st.booleans())
    @precondition(lambda self: self.complete and not self.is_saved)
    def verify(self, works: bool) -> None:
        declared(self.service, OWNER, None if works else key_refused())
        self.proven = dict(self.held or {}) if works else None

    @rule()
    def save(self) -> None:
        try:
            connection = save(self.service, OWNER, update=self.twin())
        except DraftGone:
            assert self.held is None
        except NotVerified:
            assert self.proven is None
        else:
            assert self.is_saved or (self.proven is not None and self.proven == self.held)
            assert self.held is not None
            assert connection.api_url == self.held["api_url"]
            self.is_saved = True
            self.saved.add(connection.api_url)

    @rule()
    def discard(self) -> None:
        self.service.drafts.discard(OWNER)
        self.held, self.proven, self.is_saved, self.is_sure = None, None, False, False

    @invariant()
    def the_saved_ones_are_those_that_were_proven(self) -> None:
        if not hasattr(self, "service"):
            return
        connections = self.service.connections.all(OWNER)
        assert len(connections) == len(self.saved)
        assert {connection.api_url for connection in connections} == self.saved

    @invariant()
    def the_waiting_step_is_the_one_that_the_account_says(self) -> None:
        if not hasattr(self, "service"):
            return
        draft = self.service.drafts.live(OWNER)
        waiting = first_unfinished(draft)
        if draft is None or self.held is None:
            assert draft is None
            assert waiting is Step.SYSTEM
        elif self.is_saved:
            assert waiting is Step.DONE
        elif self.held["api_url"] not in GOOD_HOSTS:
            assert waiting is Step.SYSTEM
        elif missing_fields(draft):
            assert not self.complete
            assert waiting is Step.ENTER
        else:
            assert waiting is (Step.SAVE if self.proven else Step.VERIFY)


Merchant.TestCase.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)
TestAnyOrder = Merchant.TestCase
