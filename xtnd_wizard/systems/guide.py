"""A system's guide: its structure once, in `guide.toml`, and its words in a catalogue for each language.

`guide.toml` holds the order of steps and lists, pictures, links and sources. Each entry of a list is an id, or a
table with an `id`, and its words stand in `words/<language>.po` under the path to it:
`obtain.paths.only.steps.copy_it.title`.

The keys of `guide.toml`:

    needs = ["role"]                # what the merchant has to have before the first step; may be empty
    unchecked = ["writing"]         # what a verification can't find out; may be empty
    [fields.access_token]           # a field's picture; leave it out where there is none
    picture = "copy"
    [[obtain.paths]]                # one for each way to the values, most often one
    id = "only"                     # `auth_method = "..."` beside it where the path leads to one of several
    [[obtain.paths.steps]]
    id = "copy_it"
    picture = "copy"                # pictures/copy.svg; a step with a picture has the next two as well
    checked_on = 2026-11-23         # when the foreign screen was last compared with its source
    source = "https://example.com"
    [[obtain.troubles]]             # what may go otherwise; `troubles = []` in `[obtain]` where nothing does
    id = "no_menu"
    [[by_hand.needs]]               # only where merchants approve: what to tick off before they do it inside XTND,
    id = "licence"                  # where the operator has no registration; `[[by_hand.steps]]` as above
    [handover]
    entities = ["orders"]           # what XTND goes on to handle; may be empty

At least one step or trouble is drawn. The ids of the words; the tests of catalogues name each that is missing:

    kind, summary                               the system in two words at most, for its card; and in a sentence
    channel                                     the channel inside a sentence ("the shop")
    needs.<id>, unchecked.<id>
    place.address, .address_help, .placeholder  how the host is asked for; none where `HostRules.fixed` is set
    place.find, .find_placeholder, .listed_note only where the system lists marketplaces
    fields.<name>.label, .xtnd, .help           the channel's name, XTND's name, and help; `.fold` where optional
    obtain.title, .lead, .warning_title, .warning
    obtain.paths.<id>.steps.<id>.title, .text   and `.title` of a path where there are several
    obtain.troubles.<id>.title, .text
    <where a picture is>.alt                    what it shows: `fields.access_token.alt`, `obtain.paths....alt`
    by_hand.title, .lead, .needs_title, .steps_title
    by_hand.needs.<id>.label, .cure             what has to be in place, and how to get there or whom to ask
    handover.known, handover.entities.<id>
    checks.<code>.doing, .passed, .failed       every code in `Checks.codes`, each a sentence that says the state;
                                                `.failed` is true of every problem, `.<problem>` of that one
    scenarios.<code>.title, .text               in the order of the sandbox's scenarios
    states.<state>                              an account's state, in small letters, where the system tells one
    notes.<code>                                every code that `fields.py` remarks
    problems.<code>.title, .why, .do            all three for the system's own; any for a common one worded anew
    auth_methods.<code>...                      any of these anew, for one authentication method
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from xtnd_wizard.i18n import messages

STALE_AFTER = timedelta(days=270)
"""After so long, somebody should look at a foreign screen again."""
_OPTIONAL: Mapping[str, Any] = {"notes": {}, "problems": {}}


@dataclass(frozen=True)
class ForeignScreen:
    """A step that shows a screen of somebody else's, and when it was last compared with its source."""

    path: str
    checked_on: date
    source: str

    def is_stale(self, today: date) -> bool:
        """Whether it is time to look again."""
        return today - self.checked_on > STALE_AFTER


@cache
def read_guide(folder: Path, language: str) -> Mapping[str, Any]:
    """The guide of the system in a folder, with its words in a language, or in English where one is missing."""
    words = _nested(messages(folder / "words", language))
    assembled: Mapping[str, Any] = _assembled(_structure(folder), words)
    return {**_OPTIONAL, **assembled}


def foreign_screens(folder: Path) -> tuple[ForeignScreen, ...]:
    """Every step of a guide that shows a foreign screen."""
    return tuple(_screens(_structure(folder), ()))


@cache
def _structure(folder: Path) -> Mapping[str, Any]:
    return tomllib.loads((folder / "guide.toml").read_text("utf-8"))


def _screens(node: Any, path: tuple[str, ...]) -> Iterator[ForeignScreen]:
    if isinstance(node, list):
        for item in node:
            yield from _screens(item, (*path, item["id"]) if isinstance(item, dict) else path)
    elif isinstance(node, dict):
        if "checked_on" in node:
            yield ForeignScreen(".".join(path), node["checked_on"], node["source"])
        for name, part in node.items():
            yield from _screens(part, (*path, name))


def _nested(flat: Mapping[str, str]) -> dict[str, Any]:
    """Words by their dotted paths as a tree."""
    tree: dict[str, Any] = {}
    for path, text in flat.items():
        *branches, leaf = path.split(".")
        node = tree
        for branch in branches:
            node = node.setdefault(branch, {})
        node[leaf] = text
    return tree


def _assembled(structure: Any, words: Any) -> Any:
    """The structure with its words filled in; what only the words have is kept as it stands."""
    if isinstance(structure, list):
        return [_assembled(item, words[item["id"]]) if isinstance(item, dict) else words[item] for item in structure]
    filled = {
        name: _assembled(part, words.get(name, {})) if isinstance(part, dict | list) else part
        for name, part in structure.items()
    }
    return {**words, **filled}
