"""Everything an operator can set, read once from the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from xtnd_wizard.domain.brand import Brand
from xtnd_wizard.domain.colors import Color
from xtnd_wizard.domain.secret import Secret

Network = IPv4Network | IPv6Network
LOOPBACK: tuple[Network, ...] = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
"""Always trusted as a proxy: the web server below the wizard believes what comes from there, too."""
LOGO_TYPES: Mapping[str, str] = {".svg": "image/svg+xml", ".png": "image/png"}
"""What a logo may be, by the end of its file's name."""
_LARGEST_LOGO = 200_000
_LONGEST_NAME = 40
_CLIENT = re.compile(r"XTND_([A-Z0-9_]+)_CLIENT_(?:ID|SECRET)")


class SettingsError(Exception):
    """A setting is unusable. The text is one clear sentence for the operator."""


@dataclass(frozen=True)
class OAuthClient:
    """An operator's registration at a channel: what the channel knows this wizard by."""

    id: str
    secret: Secret


@dataclass(frozen=True)
class CheckLimits:
    """How many verifications one process runs, so that nobody makes others wait, here or at a channel."""

    at_once: int = 32
    at_once_per_address: int = 8
    """How many of them for one client address."""
    window_minutes: int = 10
    """Within how long the quotas count."""
    per_tenant: int = 60
    per_address: int = 120
    """For one client address, whoever comes from there."""
    per_host: int = 600
    """To one host, whoever asks."""


@dataclass(frozen=True)
class Settings:
    """The operator's choices. Every field is an environment variable `XTND_<FIELD NAME>`."""

    database_url: str = field(default="sqlite:///data/xtnd-wizard.db", repr=False)
    """May hold the database's password."""
    key_ring_file: Path = Path("data/xtnd-wizard.keys")
    key_ring: Secret = field(default_factory=lambda: Secret(""))
    """The key ring itself, as JSON, for hosts without a disk; wins over the file."""
    trusted_origins: tuple[str, ...] = ()
    """Exact origins that may be called although they are not public https. Development only."""
    trusted_ca_file: str = ""
    draft_days: int = 7
    check_seconds: int = 20
    sandbox_check_ms: int = 250
    """How long a page lets each check of a sandbox channel take, for an audience to follow. Real ones never wait."""
    checks: CheckLimits = CheckLimits()
    """Every field is an environment variable `XTND_CHECKS_<FIELD NAME>`."""
    open_sessions: int = 500
    """How many browser tabs may be connected at once."""
    sessions_per_address: int = 100
    """How many of them from one address, where it is known."""
    sessions_per_visitor: int = 20
    """How many of them in one browser."""
    idle_seconds: int = 3600
    """After how long without a message a tab is disconnected. It connects again by itself."""
    trusted_proxies: tuple[Network, ...] = LOOPBACK
    """Whose word on a client's address and scheme counts."""
    public_url: str = ""
    """Where visitors reach this wizard. Channels that ask for consent send them back to it."""
    clients: Mapping[str, OAuthClient] = field(default_factory=dict)
    """The operator's own registration at each channel that asks for consent, by the system's code."""
    brand: Brand = field(default_factory=Brand)
    """Every field is an environment variable `XTND_BRAND_<FIELD NAME>`."""


@cache
def load_settings() -> Settings:
    """The settings of this process."""
    return read(os.environ, signed_in=_sign_in_configured(Path(".streamlit/secrets.toml")))


def read(environment: Mapping[str, str], *, signed_in: bool = False) -> Settings:
    """Read and judge the settings.

    Raises SettingsError with one sentence that names the variable and the cure.
    """
    defaults = Settings()
    clients = _clients(environment)
    public_url = _public_url(environment)
    if clients and not public_url:
        raise SettingsError("XTND_PUBLIC_URL is needed with a client id: the channel sends visitors back to it.")
    origins = tuple(_origin(text) for text in environment.get("XTND_TRUSTED_ORIGINS", "").split(",") if text.strip())
    if origins and signed_in:
        raise SettingsError(
            "XTND_TRUSTED_ORIGINS opens private addresses and is for development only; "
            "remove it, or remove the [auth] section from .streamlit/secrets.toml."
        )
    return Settings(
        database_url=environment.get("XTND_DATABASE_URL", "").strip() or defaults.database_url,
        key_ring_file=Path(environment.get("XTND_KEY_RING_FILE", "").strip() or defaults.key_ring_file),
        key_ring=Secret(environment.get("XTND_KEY_RING", "").strip()),
        trusted_origins=origins,
        trusted_ca_file=_existing_file(environment, "XTND_TRUSTED_CA_FILE"),
        draft_days=_integer(environment, "XTND_DRAFT_DAYS", defaults.draft_days, 1, 90),
        check_seconds=_integer(environment, "XTND_CHECK_SECONDS", defaults.check_seconds, 2, 120),
        sandbox_check_ms=_integer(environment, "XTND_SANDBOX_CHECK_MS", defaults.sandbox_check_ms, 0, 5000),
        checks=_check_limits(environment),
        open_sessions=_integer(environment, "XTND_OPEN_SESSIONS", defaults.open_sessions, 1, 100_000),
        sessions_per_address=_integer(
            environment, "XTND_SESSIONS_PER_ADDRESS", defaults.sessions_per_address, 1, 100_000
        ),
        sessions_per_visitor=_integer(
            environment, "XTND_SESSIONS_PER_VISITOR", defaults.sessions_per_visitor, 1, 100_000
        ),
        idle_seconds=_integer(environment, "XTND_IDLE_SECONDS", defaults.idle_seconds, 5, 604_800),
        trusted_proxies=_trusted_proxies(environment),
        public_url=public_url,
        clients=clients,
        brand=_brand(environment),
    )


def _integer(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return default
    if not re.fullmatch(r"[0-9]{1,6}", text) or not least <= int(text) <= most:
        raise SettingsError(f"{name} must be a whole number from {least} to {most}, not “{text[:40]}”.")
    return int(text)


def _check_limits(environment: Mapping[str, str]) -> CheckLimits:
    defaults = asdict(CheckLimits()).items()
    return CheckLimits(
        **{name: _integer(environment, f"XTND_CHECKS_{name.upper()}", amount, 1, 100_000) for name, amount in defaults}
    )


def _brand(environment: Mapping[str, str]) -> Brand:
    name, color, support = (environment.get(f"XTND_BRAND_{part}", "").strip() for part in ("NAME", "COLOR", "SUPPORT"))
    if len(name) > _LONGEST_NAME or not name.isprintable():
        raise SettingsError(f"XTND_BRAND_NAME must be one line of at most {_LONGEST_NAME} characters.")
    if support and not re.fullmatch(
        r"https://[^\s/?#@\"<>]+(?:[/?#][^\s\"<>]*)?|[^\s@:/?&\"<>]+@[^\s@:/?&\"<>]+", support
    ):
        raise SettingsError(
            f"XTND_BRAND_SUPPORT must be a mail address or an address with https://, not “{support[:80]}”."
        )
    return Brand(name, _logo_file(environment), _color("XTND_BRAND_COLOR", color) if color else None, support)


def _color(name: str, text: str) -> Color:
    try:
        return Color.parse(text)
    except ValueError:
        raise SettingsError(f"{name} must be a colour like #0a6656, not “{text[:40]}”.") from None


def _logo_file(environment: Mapping[str, str]) -> Path | None:
    text = _existing_file(environment, "XTND_BRAND_LOGO_FILE")
    if not text:
        return None
    begins = Path(text).read_bytes()[: _LARGEST_LOGO + 1]
    looks_right = {".svg": b"<svg" in begins, ".png": begins.startswith(b"\x89PNG\r\n")}
    if len(begins) > _LARGEST_LOGO or not looks_right.get(Path(text).suffix.lower()):
        raise SettingsError(
            f"XTND_BRAND_LOGO_FILE must be an SVG or PNG picture of at most {_LARGEST_LOGO // 1000} kB: {text[:200]}"
        )
    return Path(text).resolve()


def _clients(environment: Mapping[str, str]) -> dict[str, OAuthClient]:
    """Every pair XTND_<SYSTEM>_CLIENT_ID and XTND_<SYSTEM>_CLIENT_SECRET."""
    found = {}
    for name in environment:
        match = _CLIENT.fullmatch(name)
        if match and environment[name].strip():
            both = [environment.get(f"XTND_{match[1]}_CLIENT_{part}", "").strip() for part in ("ID", "SECRET")]
            if not all(both):
                raise SettingsError(f"XTND_{match[1]}_CLIENT_ID and XTND_{match[1]}_CLIENT_SECRET are set together.")
            found[match[1].lower()] = OAuthClient(both[0], Secret(both[1]))
    return found


def _public_url(environment: Mapping[str, str]) -> str:
    text = environment.get("XTND_PUBLIC_URL", "").strip().rstrip("/")
    if text and not re.fullmatch(r"https://[^/?#@\s]+|http://(?:localhost|127\.0\.0\.1)(?::[0-9]+)?", text):
        raise SettingsError(f"XTND_PUBLIC_URL must be an origin like https://connect.example.com, not “{text[:80]}”.")
    return text


def _trusted_proxies(environment: Mapping[str, str]) -> tuple[Network, ...]:
    if environment.get("FORWARDED_ALLOW_IPS", "").strip():
        raise SettingsError(
            "FORWARDED_ALLOW_IPS is not used here: remove it, and name proxies in XTND_TRUSTED_PROXIES."
        )
    texts = [text.strip() for text in environment.get("XTND_TRUSTED_PROXIES", "").split(",") if text.strip()]
    return (*LOOPBACK, *map(_network, texts))


def _network(text: str) -> Network:
    try:
        network = ip_network(text)
    except ValueError:
        network = None
    if network is None or not network.prefixlen:
        raise SettingsError(f"XTND_TRUSTED_PROXIES must list addresses or networks like 10.0.0.0/8, not “{text[:80]}”.")
    return network


def _existing_file(environment: Mapping[str, str], name: str) -> str:
    text = environment.get(name, "").strip()
    if text and not Path(text).is_file():
        raise SettingsError(f"{name} names a file that does not exist: {text[:200]}")
    return text


def _origin(text: str) -> str:
    text = text.strip().rstrip("/")
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    more = parts.path or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in ("http", "https") or not parts.hostname or more:
        raise SettingsError(f"XTND_TRUSTED_ORIGINS must list origins like https://localhost:8443, not “{text[:80]}”.")
    shown_host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    default_port = 443 if parts.scheme == "https" else 80
    return f"{parts.scheme}://{shown_host}" + (f":{port}" if port and port != default_port else "")


def _sign_in_configured(secrets_file: Path) -> bool:
    import tomllib

    try:
        return "auth" in tomllib.loads(secrets_file.read_text("utf-8"))
    except OSError:
        return False
    except tomllib.TOMLDecodeError:
        raise SettingsError(f"{secrets_file} can't be read as TOML; mend or remove it.") from None
