"""Reading the values of all fields out of one pasted message: a mail, a chat, a settings file, a command.

Pure, and the same for every system. What is particular to one comes as data: what its fields are called, in every
language, and the shapes that their values have. A value that is not plain is left out, and its field named: better
asked for than wrong.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from xtnd_wizard.domain.key_shapes import holds_a_key
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.systems.cleaning import CleanText, joined
from xtnd_wizard.systems.message_layouts import Pair, pairs_in, readable

LONGEST_MESSAGE = 20_000
"""A longer text is no message with a few values in it, and reading must not be kept busy with one."""

ADDRESS_LABELS = (
    *("address", "url", "api url", "host", "host name", "site", "store url", "shop url", "web address", "domain"),
    *("link", "endpoint", "base url", "server", "marketplace", "webbadress", "adress", "adressen", "länk", "domän"),
    *("butikens adress", "webbplats", "webbutik", "hemsida", "sajt", "marknadsplats", "server"),
)
"""What people call the address of any shop."""

_ENDINGS = ("", "n", "en", "et", "t", "s", "na", "ns", "ens", "ets")
"""What Swedish puts behind a noun, and English behind several."""
_MOST_WORDS_OF_A_LABEL = 7
_LINK = re.compile(r"(?:https?://|(?<![\w@./-])www\.)[^\s<>\"'|]+", re.IGNORECASE)
_HOST = re.compile(r"(?<![\w@./-])(?:[\w-]+\.)+[a-z]{2,}(?![\w@.-]*@)", re.IGNORECASE)
_QUERY = re.compile("[?#]")
_USER_INFO = re.compile(r"(?<=//)[^/@\s]*@")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Wanted:
    """One field that a message may hold a value for."""

    name: str
    labels: tuple[str, ...]
    clean: CleanText
    shape: re.Pattern[str] | None = None
    any_text: bool = False
    is_address: bool = False
    domain: str = ""
    """Where all shops are, for many: a host below it is one wherever it stands."""


@dataclass(frozen=True)
class ReadingReport:
    """What was read, by the names of fields. Nothing of the message itself."""

    found: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unclear: tuple[str, ...] = ()
    """Among the missing: fields that were spoken of, though it is not plain what their value is."""
    lines_left: int = 0
    """How many lines hold something like a key that went nowhere."""


@dataclass(frozen=True)
class MessageReading:
    """The values that a message held, those of sealed fields as secrets."""

    values: Mapping[str, Secret | str] = field(repr=False)
    report: ReadingReport


def read_message(text: str, wanted: Sequence[Wanted], known_address: str = "") -> tuple[dict[str, str], ReadingReport]:
    """The value of each field that a message plainly holds, and the report on it.

    `known_address` is where the shop is as far as anybody knows: links to elsewhere, such as in a signature, are not
    taken for it then.
    """
    shown = readable(text)[:LONGEST_MESSAGE]
    candidates: dict[str, list[Pair]] = {each.name: [] for each in wanted}
    meaning = partial(meant_by, wanted=wanted)
    for pair in pairs_in(shown, meaning, _inline_labels(wanted)):
        if name := meaning(pair.label):
            candidates[name].append(pair)
    values: dict[str, str] = {}
    for each in wanted:
        if value := _value_of(each, candidates[each.name], shown, known_address):
            values[each.name] = value
    return values, _report(shown, wanted, values, candidates)


def read_parted(
    text: str, wanted: Sequence[Wanted], sealed: Collection[str], known_address: str = ""
) -> tuple[dict[str, str], tuple[dict[str, str], ReadingReport]]:
    """What `read_message` finds, the values of sealed fields apart from all that may be shown."""
    values, report = read_message(text, wanted, known_address)
    clear = {name: value for name, value in values.items() if name not in sealed}
    return {name: value for name, value in values.items() if name in sealed}, (clear, report)


def meant_by(label: str, *, wanted: Sequence[Wanted], whole: bool = False) -> str:
    """The field that a label names: the one whose words, as many as possible, are in it; none where two fit as well.

    With `whole`, no word of the label may be left over.
    """
    words = _words(label)
    if not words or len(words) > _MOST_WORDS_OF_A_LABEL:
        return ""
    scores = {each.name: max((_score(phrase, words) for phrase in each.labels), default=(0, 0)) for each in wanted}
    best = max(scores.values(), default=(0, 0))
    named = [name for name, score in scores.items() if score == best]
    plain = best > (0, 0) and len(named) == 1 and (not whole or best[0] == len(words))
    return named[0] if plain else ""


def _words(text: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-zåäö])(?=[A-ZÅÄÖ])", " ", text)
    return [word.lower() for word in _WORD.findall(spaced)]


def _score(phrase: str, words: Sequence[str]) -> tuple[int, int]:
    """How much of a label a phrase explains: its words and letters, or nothing where it is not in there."""
    parts = _words(phrase)
    for start in range(len(words) - len(parts) + 1):
        if parts and all(_is_form_of(word, part) for word, part in zip(words[start:], parts, strict=False)):
            return len(parts), sum(map(len, parts))
    return 0, 0


def _is_form_of(word: str, noun: str) -> bool:
    return word.startswith(noun) and word[len(noun) :] in _ENDINGS


def _inline_labels(wanted: Sequence[Wanted]) -> re.Pattern[str]:
    """Finds a field's label inside a line, with the sign or verb that leads to its value."""
    phrases = sorted({phrase for each in wanted for phrase in each.labels}, key=len, reverse=True)
    spelled = "|".join(r"[\s_-]?".join(map(re.escape, _words(phrase))) for phrase in phrases if _words(phrase))
    endings = "|".join(filter(None, _ENDINGS))
    leads = r"(?:\s*[:=：]\s*|\s+(?:är|is)\s+)"
    return re.compile(rf"(?<![\w-])(?P<label>(?:{spelled})(?:{endings})?){leads}(?=\S)", re.IGNORECASE)


def _value_of(each: Wanted, pairs: Sequence[Pair], text: str, known_address: str) -> str:
    if each.is_address:
        return _address(each, pairs, text, known_address)
    if each.shape:
        shaped = {joined(match.group()) for match in each.shape.finditer(text)}
        labelled = {joined(match.group()) for pair in pairs for match in each.shape.finditer(pair.value)}
        if shaped:
            return _only(labelled) or _only(shaped)
    if each.any_text:
        return _only({pair.value for pair in pairs if _is_usable(each, pair)})
    cleaned = (each.clean(pair.value) for pair in pairs)
    return _only({value for value, remarks in cleaned if not remarks.refusal and not remarks.question})


def _is_usable(each: Wanted, pair: Pair) -> bool:
    """Whether a text that somebody chose is one: where it ends is plain, and nothing is to be asked about it."""
    _, remarks = each.clean(pair.value)
    return pair.ends_where and not remarks.refusal and not remarks.question


def _address(each: Wanted, pairs: Sequence[Pair], text: str, known_address: str) -> str:
    labelled = _addresses(each, (pair.value for pair in pairs))
    hosts = (host for host in _HOST.findall(text) if each.domain and host.lower().endswith(f".{each.domain}"))
    linked = _addresses(each, (*_LINK.findall(text), *hosts))
    if known_address and known_address in labelled | linked:
        return known_address
    return _only(labelled) or ("" if known_address or labelled else _only(linked))


def _addresses(each: Wanted, texts: Iterable[str]) -> set[str]:
    """The addresses that can be called among these texts."""
    cleaned = (each.clean(_USER_INFO.sub("", _QUERY.split(text)[0])) for text in texts)
    return {value for value, remarks in cleaned if value and not remarks.refusal}


def _only(values: Collection[str]) -> str:
    return next(iter(values)) if len(values) == 1 else ""


def _report(
    text: str, wanted: Sequence[Wanted], values: Mapping[str, str], candidates: Mapping[str, Sequence[Pair]]
) -> ReadingReport:
    missing = tuple(each.name for each in wanted if each.name not in values)
    used = [joined(value) for value in values.values()]
    keys = (joined(line) for line in text.split("\n") if holds_a_key(line))
    return ReadingReport(
        found=tuple(values),
        missing=missing,
        unclear=tuple(name for name in missing if candidates[name]),
        lines_left=sum(not any(value in line for value in used) for line in keys),
    )
