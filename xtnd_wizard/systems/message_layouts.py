"""How people write values down: `Label: value`, a label above its value, tables, settings files, commands, prose.

Pure: from the text of a message to pairs of a label and what stands behind it. What the labels mean, and whether a
value is one, is for `messages` to say.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from xtnd_wizard.systems.cleaning import unquoted


class Meaning(Protocol):
    """What words name: a field, or nothing (an empty text). With `whole`, no word may be left over."""

    def __call__(self, label: str, *, whole: bool = False) -> str: ...


_QUOTED_REPLY = re.compile(r"^(?:\s*>)+ ?")
_BULLET = re.compile(r"^\s*(?:[-*•–‣·]|\d{1,2}[.)])\s+")
_LABELLED = re.compile(r"^(?P<label>[^:=\t]{1,60}?)\s*(?:[:=：]\**|\t+|\s[-–—]\s|\s(?:är|is)\s)\s*(?P<value>\S.*)$")
_ONLY_LABEL = re.compile(r"^(?P<label>[^:=\t]{1,60}?)\s*[:=：]?\**\s*$")
_HEADER = re.compile(r"(?:-H|--header)\s+(?P<quote>['\"])(?P<header>.*?)(?P=quote)")
_COMMAND = re.compile(r"^\s*(?:\$ )?curl\s")
_CELLS = re.compile(r"\s*\|\s*|\t+")
_RULE_OF_A_TABLE = re.compile(r"^[\s|:+-]+$")
_MARKS = "*_`# "
_END_OF_SENTENCE = re.compile(r"(?<=\S)[.!?]\s+(?=[A-ZÅÄÖ])")
_CONNECTOR = re.compile(
    r"(?:\s*[,;|&]|\s+(?:och|samt|and))+(?:\s+(?:the|your|our|din|ditt|er|ert|vår|vårt))?\s*$", re.IGNORECASE
)
_MOST_WORDS_OF_A_VALUE = 4
_DEEPEST_JSON = 8


@dataclass(frozen=True)
class Pair:
    """A label and what stands behind it."""

    label: str
    value: str
    ends_where: bool = True
    """Whether it is plain where the value ends. In running text it is not, unless the value is one word."""


def pairs_in(text: str, meaning: Meaning, inline: re.Pattern[str]) -> list[Pair]:
    """The pairs in a message, in their order. `inline` finds a field's label and what leads to its value in a line."""
    whole = json_in(text)
    if whole is not None:
        return list(_from_json(whole))
    lines = [line for line in map(_without_reply_mark, readable(text).split("\n")) if line.strip()]
    table, others = _tables_and_others(lines, meaning)
    return [*table, *_from_lines(others, meaning, inline)]


def readable(text: str) -> str:
    """A text without what can't be seen, and with plain spaces and line breaks."""
    shown = "".join(character for character in text if unicodedata.category(character) != "Cf")
    return re.sub(r"\r\n?|[\u2028\u2029\x85\v\f]", "\n", shown).replace("\xa0", " ")


def json_in(text: str) -> object | None:
    """The JSON object in a text, with words around it or none."""
    begin, end = text.find("{"), text.rfind("}")
    if begin < 0 or end < begin or '"' not in text[begin:end]:
        return None
    try:
        return json.loads(text[begin : end + 1])  # type: ignore[no-any-return]
    except (ValueError, RecursionError):
        return None


def _from_json(found: object, label: str = "", depth: int = 0) -> Iterator[Pair]:
    if isinstance(found, Mapping) and depth < _DEEPEST_JSON:
        for name, value in found.items():
            yield from _from_json(value, str(name), depth + 1)
    elif isinstance(found, list) and depth < _DEEPEST_JSON:
        for value in found:
            yield from _from_json(value, label, depth + 1)
    elif label and isinstance(found, str | int) and not isinstance(found, bool):
        yield Pair(label, str(found))


def _without_reply_mark(line: str) -> str:
    return _QUOTED_REPLY.sub("", line).rstrip()


def _tables_and_others(lines: Sequence[str], meaning: Meaning) -> tuple[list[Pair], list[str]]:
    """The pairs of rows of labels with the row below each, and all other lines."""
    rest = [line for line in lines if not _RULE_OF_A_TABLE.fullmatch(line)]
    pairs: list[Pair] = []
    others: list[str] = []
    while rest:
        heads, values = _cells(rest[0]), _cells(rest[1]) if len(rest) > 1 else []
        if len(heads) == len(values) and len({meaning(head) for head in heads} - {""}) > 1:
            pairs += (Pair(head, unquoted(value)) for head, value in zip(heads, values, strict=True) if value)
            rest = rest[2:]
        else:
            others.append(rest.pop(0))
    return pairs, others


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in _CELLS.split(line.strip().strip("|"))]


def _from_lines(lines: Sequence[str], meaning: Meaning, inline: re.Pattern[str]) -> Iterator[Pair]:
    for number, line in enumerate(lines):
        if _COMMAND.match(line) or _HEADER.search(line):
            headers = (found["header"] for found in _HEADER.finditer(line))
            yield from (Pair(name, value.strip()) for name, _, value in (header.partition(":") for header in headers))
            continue
        bare = _bare(line)
        found = list(inline.finditer(bare))
        labelled = _LABELLED.match(bare)
        if len(found) > 1:
            yield from _from_running_text(bare, found)
        elif labelled and meaning(labelled["label"]) and not _is_prose(labelled):
            yield Pair(labelled["label"], unquoted(labelled["value"].strip()))
        elif found:
            yield from _from_running_text(bare, found)
        elif label := _alone(bare, meaning):
            yield from _below(label, lines[number + 1 : number + 2], meaning)


def _bare(line: str) -> str:
    """A line without a bullet, the marks of emphasis around its label, and the frame of a table."""
    bare = _BULLET.sub("", line).strip()
    if bare.startswith("|") and bare.count("|") > 1:
        cells = [cell for cell in _cells(bare) if cell]
        return "\t".join(cells) if len(cells) == 2 else bare
    return bare.lstrip(_MARKS).removeprefix("export ")


def _is_prose(labelled: re.Match[str]) -> bool:
    """Whether a verb leads to the value, as in a sentence, which ends with a full stop of its own."""
    between = labelled.string[labelled.end("label") : labelled.start("value")]
    return between.strip().lower() in ("är", "is")


def _alone(line: str, meaning: Meaning) -> str:
    """The label that a line consists of; without a colon, no word may be left over."""
    alone = _ONLY_LABEL.match(line)
    if not alone:
        return ""
    has_sign = len(alone["label"]) < len(line)
    return alone["label"] if meaning(alone["label"], whole=not has_sign) else ""


def _below(label: str, following: Sequence[str], meaning: Meaning) -> Iterator[Pair]:
    """The line below a label that stands alone, unless it has a label itself."""
    for line in following:
        labelled = _LABELLED.match(_bare(line))
        if not (labelled and meaning(labelled["label"])) and not _alone(_bare(line), meaning):
            yield Pair(label, unquoted(line.strip()))


def _from_running_text(line: str, found: Sequence[re.Match[str]]) -> Iterator[Pair]:
    """Several labels in one line, or one in the middle of a sentence: a value reaches to the next label at most."""
    ends = [match.start() for match in found[1:]] + [len(line)]
    for match, end in zip(found, ends, strict=True):
        behind = line[match.end() : end].strip()
        if (quoted := _quoted_beginning(behind)) is not None:
            yield Pair(match["label"], quoted)
        elif len(found) == 1 and match.group().rstrip().endswith((":", "=", "：")):
            yield Pair(match["label"], unquoted(behind))
        elif behind:
            yield _from_sentence(match["label"], behind, reaches_the_end=end == len(line))


def _from_sentence(label: str, behind: str, *, reaches_the_end: bool) -> Pair:
    """The value in the rest of a sentence, without the full stop. At the end of a line, more words may be prose."""
    sentence = _END_OF_SENTENCE.split(behind)[0]
    value = _CONNECTOR.sub("", sentence.strip()).removesuffix(".")
    is_open = reaches_the_end and sentence == behind
    return Pair(label, value, ends_where=len(value.split()) <= (1 if is_open else _MOST_WORDS_OF_A_VALUE))


def _quoted_beginning(text: str) -> str | None:
    """What stands between quotes at the beginning of a text."""
    quoted = re.match(r"([\"'`”“»«])(?P<inside>[^\"'`”“»«]+)[\"'`”“»«]", text)
    return quoted["inside"] if quoted else None
