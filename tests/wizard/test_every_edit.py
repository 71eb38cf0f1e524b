"""Whatever is chosen, entered, kept, verified and saved in whatever order: only what was verified is saved.

And a value goes to a host only after it was entered for it, or its sitting said that it may.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.walks import (
    OTHER_HOST,
    SYSTEM,
    WORKS,
    Tab,
    credentials_of,
    declared,
    existing_connection,
    key_refused,
    running,
    save,
)
from xtnd_wizard.domain.actor import Actor
from xtnd_wizard.domain.errors import DraftChanged, DraftNotFound, NotAsked, NotReady, NotVerified
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.wizard.questions import open_questions
from xtnd_wizard.wizard.steps import Step, first_unfinished, missing_fields

TENANT = "a" * 64
HOSTS = st.sampled_from([WORKS.values["api_url"], OTHER_HOST, "me@shop.example.com", ""])
KEY, OTHER = "5d0c6e1a-8f27-4b93-9a64-2f1d7c3e1a2b", "another-value-that-is-a-key"
SECRETS = st.sampled_from(["", KEY, OTHER])
SITTINGS = st.sampled_from(["", "one", "another"])
GOOD_HOSTS = (WORKS.values["api_url"], OTHER_HOST)


class Merchant(RuleBasedStateMachine):
    """Does anything in any order, and keeps a simple account of what has to come of it."""

    held: dict[str, str] | None
    proven: dict[str, str] | None
    is_saved: bool
    sealed_for: str
    sure_of: tuple[str, str]
    by: dict[str, str]
    aside: dict[str, str]
    aside_for: str

    @initialize()
    def arrive(self) -> None:
        self.folder = TemporaryDirectory()
        self.service_runs = running(Path(self.folder.name))
        self.service = self.service_runs.__enter__()
        self.asked = ""
        self.saved: set[str] = set()
        self.forget()

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.service_runs.__exit__(None, None, None)
            self.folder.cleanup()

    def existing_connection(self) -> str | None:
        draft = Tab(self.service, TENANT).draft
        known = existing_connection(self.service, draft) if draft else None
        return known.id if known else None

    @property
    def complete(self) -> bool:
        held = self.held or {}
        is_filled = held.get("api_url") in GOOD_HOSTS and all(self.pair)
        return is_filled and (self.is_sure or not self.is_doubtful)

    @property
    def pair(self) -> tuple[str, str]:
        held = self.held or {}
        return held.get("access_token", ""), held.get("secret", "")

    @property
    def is_doubtful(self) -> bool:
        """Whether the key and the password are the same text, or look as if they had changed places."""
        return self.pair[0] == self.pair[1] or self.pair == (OTHER, KEY)

    @property
    def is_sure(self) -> bool:
        """Whether it was confirmed that the two really are right."""
        return self.is_doubtful and self.sure_of == self.pair

    def changed(self) -> None:
        if "secret" not in self.aside and not self.is_sure:
            self.sure_of = ("", "")
        if not self.complete or self.held != self.proven:
            self.proven = None

    def go_to(self, host: str, typed: dict[str, str], sitting: str) -> None:
        """What becomes of the secrets when they are typed with a host, by rule 7."""
        assert self.held is not None
        if host in GOOD_HOSTS and host != self.sealed_for:
            back = self.aside if host == self.aside_for else {}
            kept = {name: self.by[name] for name in self.by if name in self.held and name not in typed}
            mine = {name for name in kept if sitting and kept[name] == sitting and self.sealed_for}
            self.aside, self.aside_for = {name: self.held[name] for name in sorted(mine)}, self.sealed_for
            self.by.update(dict.fromkeys(back, self.asked))
            self.asked = sitting
            self.held = {**{name: text for name, text in self.held.items() if name not in kept}, **back}
            self.sealed_for = host
        self.held = {**self.held, "api_url": host, **typed}
        self.by.update(dict.fromkeys(typed, sitting))
        self.aside = {name: text for name, text in self.aside.items() if name not in typed}
        self.changed()

    def forget(self) -> None:
        self.held, self.proven, self.is_saved, self.sealed_for = None, None, False, ""
        self.sure_of = ("", "")
        self.aside_for = ""
        self.by, self.aside = {}, {}

    @rule(host=HOSTS, sitting=SITTINGS)
    def choose(self, host: str, sitting: str) -> None:
        Tab(self.service, TENANT).choose(SYSTEM.code, host, sitting)
        if self.held is None or self.is_saved:
            self.forget()
            self.held = {}
        self.go_to(host, {}, sitting)

    @rule(host=HOSTS, key=SECRETS, password=SECRETS, sitting=SITTINGS)
    def enter(self, host: str, key: str, password: str, sitting: str) -> None:
        typed = {"api_url": host, "access_token": key, "secret": password}
        if self.held is None or self.is_saved:
            try:
                Tab(self.service, TENANT).enter(typed, sitting)
            except (DraftNotFound, DraftChanged):
                return
            raise AssertionError("entered into nothing")
        Tab(self.service, TENANT).enter(typed, sitting)
        self.go_to(host, {name: typed[name] for name in SYSTEM.sealed_fields_of("") if typed[name]}, sitting)

    @rule(host=HOSTS, sitting=SITTINGS)
    def keep(self, host: str, sitting: str) -> None:
        asked = bool(self.aside) and sitting == self.asked and self.held is not None and not self.is_saved
        try:
            Tab(self.service, TENANT).keep(host, sitting)
        except (DraftNotFound, DraftChanged, NotAsked):
            assert not (asked and host in GOOD_HOSTS and self.held and host == self.held["api_url"])
            return
        assert asked
        assert self.held is not None
        assert host == self.held["api_url"]
        assert host in GOOD_HOSTS
        self.held = {**self.held, **self.aside}
        self.by.update(dict.fromkeys(self.aside, sitting))
        self.aside = {}
        self.changed()
        self.proven = None

    @rule()
    @precondition(lambda self: bool(self.held) and not self.is_saved)
    def say_that_the_password_really_is_the_key(self) -> None:
        draft = Tab(self.service, TENANT).draft
        assert draft is not None
        for question in open_questions(draft).values():
            Tab(self.service, TENANT).confirm(question.field, question.digest)
            self.sure_of = self.pair

    @rule(works=st.booleans())
    @precondition(lambda self: self.complete and not self.is_saved)
    def verify(self, works: bool) -> None:
        declared(self.service, TENANT, None if works else key_refused())
        self.proven = dict(self.held or {}) if works else None

    @rule()
    def save(self) -> None:
        try:
            connection = save(self.service, TENANT, update=self.existing_connection())
        except DraftNotFound:
            assert self.held is None
        except NotVerified:
            assert self.proven is None
        else:
            assert self.is_saved or (self.proven is not None and self.proven == self.held)
            assert self.held is not None
            assert connection.api_url == self.held["api_url"]
            self.is_saved, self.aside = True, {}
            self.saved.add(connection.api_url)

    @rule()
    def discard(self) -> None:
        Tab(self.service, TENANT).discard()
        self.forget()

    @invariant()
    def the_saved_ones_are_those_that_were_proven(self) -> None:
        if not hasattr(self, "service"):
            return
        connections = self.service.connections.all(Actor(TENANT))
        assert len(connections) == len(self.saved)
        assert {connection.api_url for connection in connections} == self.saved

    @invariant()
    def what_can_be_sent_is_what_is_held(self) -> None:
        draft = Tab(self.service, TENANT).draft if hasattr(self, "service") else None
        if draft and self.held and not self.is_saved and self.held["api_url"] in GOOD_HOSTS:
            if open_questions(draft):
                assert self.is_doubtful
                with pytest.raises(NotReady):
                    credentials_of(self.service, draft)
                return
            values = credentials_of(self.service, draft)
            names = SYSTEM.sealed_fields_of("")
            assert str(values.url) == f"https://{self.held['api_url']}"
            sealed = {name: value for name, value in values.values.items() if name in names}
            assert sealed == {name: Secret(text) for name, text in self.held.items() if name in names}

    @invariant()
    def the_waiting_step_is_the_one_that_the_account_says(self) -> None:
        if not hasattr(self, "service"):
            return
        draft = Tab(self.service, TENANT).draft
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
