"""No text form of anything shows a secret: every class of the package that can hold one is filled and looked at."""

import dataclasses
import importlib
import inspect
import pickle
import pkgutil
import traceback
import types
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar, Union, get_args, get_origin, get_type_hints

import pytest
from pydantic import BaseModel

import xtnd_wizard
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.systems import all_systems

MARKER = "marker-5d0c6e1a-secret"
CLEAR = "marker-7b93-in-clear"
"""What is put where bytes are, which only the outbound client and the vault have: their text forms show nothing."""


def modules() -> Iterator[types.ModuleType]:
    """Every module of the package but those that run when they are imported."""
    for found in pkgutil.walk_packages(xtnd_wizard.__path__, "xtnd_wizard."):
        if not found.name.endswith("__main__") and ".migrations" not in found.name:
            yield importlib.import_module(found.name)


def is_record(found: type) -> bool:
    return dataclasses.is_dataclass(found) or hasattr(found, "_fields") or issubclass(found, BaseException | BaseModel)


def classes() -> list[type]:
    return [
        found
        for module in modules()
        for _, found in inspect.getmembers(module, inspect.isclass)
        if found.__module__ == module.__name__ and is_record(found)
    ]


CLASSES = classes()
NAMES: Mapping[str, Any] = {found.__name__: found for found in CLASSES}
"""For annotations that are written in quotes because their class comes later or is imported for types alone."""


def hints(found: Callable[..., Any]) -> dict[str, Any]:
    return get_type_hints(found, localns=dict(NAMES))


def filled(wanted: Any) -> Any:
    """A value of an annotated type, with a marked secret wherever one may be."""
    if wanted is Secret or wanted is Any or isinstance(wanted, TypeVar):
        return Secret(MARKER)
    origin, parts = get_origin(wanted), get_args(wanted)
    if origin in (Union, types.UnionType):
        return filled(max(parts, key=rank))
    if isinstance(origin, type) and is_record(origin):
        return filled_record(origin)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {filled(parts[0]): filled(parts[1])}
    if origin in (list, tuple, set, frozenset):
        return origin([filled(parts[0])])
    if isinstance(origin, type) and issubclass(tuple, origin) and parts:
        return (filled(parts[0]),)
    return filled_plain(wanted)


def filled_plain(wanted: Any) -> Any:
    plain = {str: "text", bytes: CLEAR.encode(), date: date(2026, 1, 2), datetime: datetime(2026, 1, 2, tzinfo=UTC)}
    if wanted in plain:
        return plain[wanted]
    if isinstance(wanted, type) and issubclass(wanted, Enum):
        return next(iter(wanted))
    if isinstance(wanted, type) and is_record(wanted):
        return filled_record(wanted)
    return wanted() if wanted in (int, float, bool, Path) else types.SimpleNamespace()


def rank(wanted: Any) -> int:
    """How much a member of a union may hold: a secret, or something with parts, before anything else."""
    is_class = isinstance(get_origin(wanted) or wanted, type)
    return 2 if wanted is Secret else 1 if is_class and (get_args(wanted) or is_record(wanted)) else 0


def filled_record(found: type) -> Any:
    if issubclass(found, BaseException):
        return filled_exception(found)
    if issubclass(found, BaseModel):
        return found.model_construct(**{name: filled(wanted) for name, wanted in model_hints(found).items()})
    fields = dataclasses.fields(found) if dataclasses.is_dataclass(found) else ()
    names = [field.name for field in fields if field.init] or list(getattr(found, "_fields", ()))
    wanted = hints(found)
    return found(**{name: filled(wanted[name]) for name in names})


def model_hints(model: type[BaseModel]) -> dict[str, Any]:
    return {name: field.annotation for name, field in model.model_fields.items()}


def filled_exception(found: type[BaseException]) -> BaseException:
    """An exception as it is raised; one that takes anything gets a secret."""
    if "__init__" not in vars(found):
        return found(Secret(MARKER))
    wanted = hints(found.__init__)
    parameters = list(inspect.signature(found.__init__).parameters.values())[1:]
    positional = [filled(wanted[each.name]) for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]
    named = {each.name: filled(wanted[each.name]) for each in parameters if each.kind is each.KEYWORD_ONLY}
    return found(*positional, **named)


def text_forms(holder: Any) -> Iterator[str]:
    """How a value may come to be read: printed, formatted, in a list, raised, or as a local of a frame."""
    yield from (repr(holder), str(holder), f"{holder}", f"{holder!r}", "%s" % (holder,), repr([holder]))  # noqa: UP031
    try:
        raise holder if isinstance(holder, BaseException) else ValueError(holder)
    except BaseException as raised:  # noqa: BLE001  # whatever class it is
        shown = traceback.TracebackException.from_exception(raised, capture_locals=True)
        yield "".join(shown.format())


def carried_forms(holder: Any) -> Iterator[str]:
    """How a value may be carried away whole. What can't be is not carried."""
    ways: list[Callable[[Any], Any]] = [pickle.dumps, vars]
    if dataclasses.is_dataclass(holder):
        ways += [dataclasses.asdict, dataclasses.astuple]
    if isinstance(holder, BaseModel):
        ways += [BaseModel.model_dump, BaseModel.model_dump_json]
    for way in ways:
        try:
            yield str(way(holder))
        except Exception as refused:  # noqa: BLE001  # whatever refuses says why, and that may be read as well
            yield f"{refused!r} {refused}"


@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
@pytest.mark.parametrize("found", CLASSES, ids=lambda found: f"{found.__module__}.{found.__name__}")
def test_no_form_of_a_class_shows_a_secret_that_it_holds(found: type) -> None:
    holder = filled_record(found)
    for form in text_forms(holder):
        assert MARKER not in form
        assert CLEAR not in form
    for form in carried_forms(holder):
        assert MARKER not in form


def holds_a_secret(holder: Any, depth: int = 6) -> bool:
    if isinstance(holder, Secret):
        return True
    if depth == 0 or isinstance(holder, str | bytes | Enum):
        return False
    inner = [*getattr(holder, "__dict__", {}).values(), *getattr(holder, "args", ())]
    inner += holder.values() if isinstance(holder, Mapping) else holder if isinstance(holder, list | tuple) else ()
    return any(holds_a_secret(each, depth - 1) for each in inner)


def test_the_classes_that_hold_secrets_are_among_those_looked_at() -> None:
    holding = {found.__name__ for found in CLASSES if holds_a_secret(filled_record(found))}
    requests = {"JsonBody", "FormBody", "XmlRpcBody", "BasicAuth", "QueryAuth", "OAuth1", "Request"}
    assert requests | {"Cleaned", "Credentials", "TokenGrant", "OAuthClient", "Settings", "OAuthFlow"} <= holding
    assert len(CLASSES) > 60


@dataclasses.dataclass
class InClear:
    value: str


class InClearTuple(NamedTuple):
    value: str


class InClearError(Exception):
    pass


@pytest.mark.parametrize("leak", [InClear(MARKER), InClearTuple(MARKER), InClearError(MARKER)])
def test_a_class_that_held_a_secret_in_clear_would_be_found(leak: Any) -> None:
    assert all(MARKER in form for form in text_forms(leak))
    assert any(MARKER in form for form in carried_forms(leak))


Held = TypeVar("Held", Secret, str)


@dataclasses.dataclass
class Holder(Generic[Held]):
    value: Held
    among: Mapping[str, str | Secret]
    several: tuple[Secret | None, ...]


def test_a_secret_is_put_wherever_an_annotation_has_room_for_one() -> None:
    holder = filled_record(Holder)
    assert holder.value == holder.among["text"] == holder.several[0] == Secret(MARKER)


def test_no_field_that_is_called_like_a_sealed_value_is_text() -> None:
    sealed = {field.name for system in all_systems() for field in system.fields if field.sealed}
    texts = {
        f"{found.__module__}.{found.__name__}.{name}"
        for found in CLASSES
        if dataclasses.is_dataclass(found) and not found.__module__.split(".")[-1].startswith("sandbox")
        for name, wanted in hints(found).items()
        if name in sealed and wanted is not Secret and Secret not in get_args(wanted)
    }
    assert texts == set(), "what a sandbox ships with is no secret; everything else is a Secret"
