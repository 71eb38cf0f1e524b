"""What guides and examples write where a value of one's own belongs: `<your-api-key>`, `YOUR_API_KEY`, `xxxxxxxx`."""

import re

_INSTRUCTIONS = (
    "your din ditt dina insert enter paste put replace change changeme replaceme todo placeholder example sample dummy "
    "klistra fyll byt ersätt exempel här here"
)
_SUBJECTS = (
    "my the with me in by this och med in ut i från från to from of for actual real own secret key token password "
    "passwd pass api access client consumer customer app application admin user username name id auth bearer oauth "
    "value values string text code store shop site domain host url marketplace account live test prod production "
    "hemlig hemlighet nyckel nyckeln lösenord lösenordet värde värdet användare användarnamn namn kod butik konto "
    "egen eget"
)
_INSTRUCTING = frozenset(_INSTRUCTIONS.split())
_WORDS = _INSTRUCTING | frozenset(_SUBJECTS.split())
_IN_BRACKETS = re.compile(r"<([^<>]+)>|\$?\{+([^{}:]+)\}+|\[([^\[\]:]+)\]|%([\w-]+)%|__(\w+)__")
_MARK = re.compile(r"[a-z]{2,6}_", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_ONLY_X = re.compile(r"[xX]{4,}")
_LONGEST = 80
_ENGLISH_LABEL = re.compile(
    r"your[-_]?(?:store|shop|site|domain|company|marketplace|instance|tenant|host|server)"
    r"(?:[-_]?(?:name|url|address|prod|dev|test))?",
    re.IGNORECASE,
)
_SWEDISH_LABEL = re.compile(
    r"(?:din|ditt)[-_]?(?:butik|webbutik|sida|dom[aä]n|f[oö]retag|marknadsplats|shop|site|server)"
    r"(?:[-_]?(?:namn|adress|url|prod|dev|test))?",
    re.IGNORECASE,
)


def stands_for_a_value(text: str) -> bool:
    """Whether a text only says what belongs there, so that it can't be the value itself."""
    bare = text.strip()
    if not bare or len(bare) > _LONGEST:
        return False
    inside = _IN_BRACKETS.fullmatch(bare)
    if inside:
        return _says_what(next(filter(None, inside.groups()), ""))
    return any(_is_only_x(part) or _asks_for_a_value(part) for part in _with_and_without_marks(bare))


def is_in_brackets(text: str) -> bool:
    """Whether a text has marks around it in which guides put what is to be replaced."""
    return bool(_IN_BRACKETS.fullmatch(text.strip()))


def stands_for_a_host(authority: str, tenant_domain: str = "") -> bool:
    """Whether a host is an example's. A name such as your-shop may belong to somebody, who would then be sent a key.

    Shops are called `dinbutik.se` in earnest, so words count only where examples stand: alone, directly
    below the domain of a system's tenants, or in English directly below `.com`.
    """
    if any(_WORD.search(part) for found in _IN_BRACKETS.findall(authority) for part in found):
        return True
    name = authority.partition(":")[0].rstrip(".,;!").lower()
    if name.endswith(".com") and _ENGLISH_LABEL.fullmatch(name.split(".")[-2]):
        return True
    label = name.removesuffix(f".{tenant_domain}") if tenant_domain else name
    return bool(_ENGLISH_LABEL.fullmatch(label) or _SWEDISH_LABEL.fullmatch(label))


def _with_and_without_marks(text: str) -> tuple[str, str, str]:
    """A text as it is, and less one or two marks like `sk_live_` that a maker puts before a key."""
    once = _MARK.sub("", text, count=1) if _MARK.match(text) else text
    return text, once, _MARK.sub("", once, count=1) if _MARK.match(once) else once


def _is_only_x(text: str) -> bool:
    return bool(_ONLY_X.fullmatch(re.sub(r"[-_ .]", "", text)))


def _says_what(inside: str) -> bool:
    """Whether the words between brackets name a value."""
    words = _words(inside)
    return bool(words) and any(word in _WORDS for word in words) and not re.search(r"[^\w\s.-]", inside)


def _asks_for_a_value(text: str) -> bool:
    """Whether a text has nothing but words that tell to put a value there."""
    words = _words(text)
    if len(words) < 2 and not {*words} & {"changeme", "replaceme", "placeholder"}:
        return False
    return all(word in _WORDS for word in words) and not _INSTRUCTING.isdisjoint(words) and not re.search("[0-9]", text)


def _words(text: str) -> list[str]:
    """The words of a text in small letters, also where capitals part them."""
    spaced = re.sub(r"(?<=[a-zåäö])(?=[A-ZÅÄÖ])", " ", text)
    return [word.lower() for word in _WORD.findall(spaced)]
