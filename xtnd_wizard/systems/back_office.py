"""An invented back office beside each sandbox, in which a guide's steps can really be done.

A system says in data what its office has: screens as functions of an account, and what their forms change. A form that
stands on no screen right now can't be submitted. A visitor presses and chooses and types nothing of their own: each
value is made up at random, so nothing of theirs can be kept or shown.

The same changes serve a demo that is told from outside:

    office = system.sandbox.office
    values = office.begin(visitor, scenario)             # what to enter so that the story goes this way; None: no story
    office.values(office.account(visitor, host))         # what is right by now, for the wizard's form
    office.remedy(visitor, host, "key_lacks_permission") # do in the office what cures a problem; the values after it

`visitor` is the tenant of a visitor's cookie. A call of the outbound client carries no cookie: `find` knows the account
by the key itself. Accounts live in this process and are gone after a restart; the keys made in them are refused then.
"""

import secrets
import string
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from threading import Lock

from xtnd_wizard.systems.office_pages import Fact, Flags, Form, Go, Note, Page, Part

KEY = "key"
"""The values that a merchant comes for, among those that an office can make."""
SIGNED_IN = "signed in"
SIGN_IN = "Sign in"
HOME = "home"
HOME_PAGE = Page("", (Note("home"),))
"""What is there after the sign-in: the menus."""
MOST_ACCOUNTS = 2000
"""In each office. One takes about a kilobyte; whoever used theirs longest ago loses it first."""
MOST_ACCOUNTS_FROM_ONE_ADDRESS = 100
"""A class in one room fits, and one address crowds out only itself. A visitor has one for each host at most."""


@dataclass(frozen=True)
class Change:
    """What is done in a back office at one go."""

    on: Flags = frozenset()
    off: Flags = frozenset()
    makes: str = ""
    """Which of the office's values are made anew. The old ones are refused from then on."""


def grant(*flags: str) -> Change:
    """Give rights, roles, licences or scopes."""
    return Change(on=frozenset(flags))


def withdraw(*flags: str) -> Change:
    """Take rights, roles, licences or scopes away."""
    return Change(off=frozenset(flags))


NEW_KEY = Change(makes=KEY)
LOOK_UP = Change()
"""The right values are there already."""


@dataclass(frozen=True)
class Account:
    """What one visitor has in the back office of one host."""

    visitor: str
    host: str
    flags: Flags = frozenset()
    """What is on: rights that were given, and steps that were done."""
    values: Mapping[str, str] = field(default_factory=dict)
    shown_on: str = ""
    """The screen that may show values which are shown only once."""

    def has(self, *flags: str) -> bool:
        """Whether all of these are on."""
        return self.flags.issuperset(flags)


Screen = Callable[[Account], Page]
Maker = Callable[[Account], Mapping[str, str]]


class Accounts:
    """The accounts of one office, the least recently used first. Pages and checks run in different threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, str], tuple[Account, str]] = OrderedDict()
        self._lock = Lock()

    def get(self, visitor: str, host: str) -> Account | None:
        """A visitor's account at a host."""
        with self._lock:
            kept = self._kept.get((visitor, host))
            return kept[0] if kept else None

    def find(self, host: str, name: str, value: str) -> Account | None:
        """The account at a host that has this value."""
        with self._lock:
            for key, (account, _) in self._kept.items():
                if account.host == host and value and account.values.get(name) == value:
                    self._kept.move_to_end(key)
                    return account
        return None

    def update(self, first: Account, change: Callable[[Account], Account], network: str) -> Account:
        """Change the account that a visitor has there, or a new one after making room for it."""
        key = (first.visitor, first.host)
        with self._lock:
            current, network = self._kept.get(key, (first, network))
            if key not in self._kept:
                self._make_room(network)
            account = change(current)
            self._kept[key] = (account, network)
            self._kept.move_to_end(key)
            return account

    def _make_room(self, network: str) -> None:
        neighbours = [key for key, (_, known) in self._kept.items() if network and known == network]
        too_many = max(0, len(neighbours) + 1 - MOST_ACCOUNTS_FROM_ONE_ADDRESS)
        for key in neighbours[:too_many]:
            del self._kept[key]
        while len(self._kept) >= MOST_ACCOUNTS:
            self._kept.popitem(last=False)


@dataclass(frozen=True)
class BackOffice:
    """The back office of a system's sandbox."""

    shops: Mapping[str, str]
    """The hosts that have one, and whose it is."""
    user: str
    screens: Mapping[str, Screen]
    menu: tuple[Go, ...]
    ready: Flags
    """What is on where all is as it should be."""
    makers: Mapping[str, Maker]
    fields: tuple[str, ...] = ("access_token", "secret")
    """Which of an account's values the wizard asks for."""
    fixed: Mapping[str, str] = field(default_factory=dict)
    """What is the same for everybody, such as the practice password."""
    at_first: Flags = frozenset()
    """What is on in a new account."""
    first_values: str = ""
    """What is made with a new account, before any key."""
    user_menu: tuple[Go, ...] = ()
    login: tuple[Part, ...] = ()
    """What the sign-in page shows, where that is more than the user's name."""
    speaks: str = "en"
    """The language of the channel's own labels."""
    stories: Mapping[str, Change] = field(default_factory=dict)
    """What becomes of an office where all is right, for each scenario that can be played in one."""
    remedies: Mapping[str, Change] = field(default_factory=dict)
    """What cures a problem, by its code."""
    accounts: Accounts = field(default_factory=Accounts, compare=False)

    def account(self, visitor: str, host: str) -> Account:
        """A visitor's account; a new one is kept from its first change on."""
        return self.accounts.get(visitor, host) or Account(visitor, host, self.at_first)

    def find(self, host: str, name: str, value: str) -> Account | None:
        """The account at a host by one of its values, as a call without a cookie brings it."""
        return self.accounts.find(host, name, value)

    def values(self, account: Account) -> Mapping[str, str]:
        """What to enter into the wizard; nothing before there is a key."""
        found = {**account.values, **self.fixed}
        return {name: found[name] for name in self.fields} if KEY in account.flags else {}

    def change(self, visitor: str, host: str, change: Change, network: str = "") -> Account:
        """Do something in a visitor's office."""
        return self._update(visitor, host, lambda account: self._changed(account, change), network)

    def begin(self, visitor: str, scenario: str, host: str) -> Mapping[str, str] | None:
        """Set an office up so that a scenario goes its way; the values to enter, or None where it can't be played."""
        change = self.stories.get(scenario)
        if change is None or host not in self.shops:
            return None
        begun = self._update(visitor, host, self._all_right, "")
        self.change(visitor, host, change)
        return self.values(begun)

    def remedy(self, visitor: str, host: str, problem: str) -> Mapping[str, str] | None:
        """Do what cures a problem; the values after it, or None where nothing does. Without a key one is made first."""
        change = self.remedies.get(problem)
        if change is None or host not in self.shops:
            return None
        if not self.account(visitor, host).has(KEY):
            self._update(visitor, host, self._all_right, "")
        return self.values(self.change(visitor, host, change))

    def submit(self, visitor: str, account: Account, screen: str, sent: Mapping[str, str], network: str = "") -> str:
        """Do what a form of a screen says, as the account's screen is by now; the screen that comes next."""
        form = self.page(account, screen).form(sent.get("do", ""))
        if form is None:
            return screen
        on, off = form.answers(sent)
        change = Change(form.on | on, (form.off | off) - form.on - on, form.makes)
        next_screen = form.then or screen
        shown_on = next_screen if form.makes else ""
        self._update(
            visitor, account.host, lambda kept: replace(self._changed(kept, change), shown_on=shown_on), network
        )
        return next_screen

    def page(self, account: Account, screen: str) -> Page:
        """A screen as it is for an account; whoever is not signed in has to do that first."""
        if not account.has(SIGNED_IN):
            return self.sign_in_page
        return self.screens[screen](account) if screen in self.screens else HOME_PAGE

    def left(self, visitor: str, account: Account, screen: str) -> Account:
        """The account on this screen: what another one showed once is gone."""
        if not account.shown_on or account.shown_on == screen:
            return account
        return self._update(visitor, account.host, lambda kept: replace(kept, shown_on=""), "")

    @property
    def sign_in_page(self) -> Page:
        """The way in. It asks for nothing: what is on it is everybody's."""
        signing_in = Form(SIGN_IN, on=frozenset((SIGNED_IN,)))
        return Page(SIGN_IN, (Note("sign_in"), *(self.login or (Fact("User", self.user),)), signing_in))

    def _all_right(self, account: Account) -> Account:
        return self._changed(replace(account, flags=self.ready | {SIGNED_IN}), NEW_KEY)

    def _new(self, visitor: str, host: str) -> Account:
        account = Account(visitor, host, self.at_first)
        return replace(account, values=self.makers[self.first_values](account)) if self.first_values else account

    def _update(self, visitor: str, host: str, change: Callable[[Account], Account], network: str) -> Account:
        return self.accounts.update(self._new(visitor, host), change, network)

    def _changed(self, account: Account, change: Change) -> Account:
        made = self.makers[change.makes](account) if change.makes else {}
        done = {change.makes} - {""}
        return replace(
            account, flags=(account.flags - change.off) | change.on | done, values={**account.values, **made}
        )


def made_up(length: int, characters: str = string.ascii_lowercase + string.digits) -> str:
    """A value at random, of a channel's shape."""
    return "".join(secrets.choice(characters) for _ in range(length))


def made_up_hex(length: int) -> str:
    """The same of hexadecimal digits."""
    return made_up(length, "0123456789abcdef")
