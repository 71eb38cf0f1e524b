"""What an operator can set, and what is refused with one sentence."""

from dataclasses import fields
from ipaddress import ip_network
from pathlib import Path

import pytest

from xtnd_wizard.domain.brand import Brand
from xtnd_wizard.domain.colors import Color
from xtnd_wizard.domain.secret import Secret
from xtnd_wizard.settings import LOOPBACK, CheckLimits, Settings, SettingsError, _sign_in_configured, read

BRAND = tuple(f"BRAND_{field.name.upper()}" for field in fields(Brand))
SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>'
PNG = b"\x89PNG\r\n\x1a\n"


def refused(**environment: str) -> str:
    with pytest.raises(SettingsError) as error:
        read(environment)
    return str(error.value)


def test_everything_has_a_default() -> None:
    assert read({}) == Settings()


def test_an_empty_value_is_the_default() -> None:
    names = ["DATABASE_URL", "KEY_RING_FILE", "KEY_RING", "TRUSTED_ORIGINS", "TRUSTED_CA_FILE", "DRAFT_DAYS"]
    names += [
        "CHECK_SECONDS",
        "SANDBOX_CHECK_MS",
        "OPEN_SESSIONS",
        "SESSIONS_PER_ADDRESS",
        "SESSIONS_PER_VISITOR",
        "IDLE_SECONDS",
    ]
    assert read({f"XTND_{name}": "  " for name in [*names, "TRUSTED_PROXIES", *BRAND]}) == Settings()


def test_what_is_set_is_used(tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    ca.touch()
    assert read(
        {
            "XTND_DATABASE_URL": "postgresql+psycopg://db/wizard ",
            "XTND_KEY_RING_FILE": "/run/keys",
            "XTND_KEY_RING": '{"current": "a"}',
            "XTND_TRUSTED_ORIGINS": "https://LOCALHOST:8443/, http://127.0.0.1:9000,,https://[::1]:1,https://a.b:443",
            "XTND_TRUSTED_CA_FILE": str(ca),
            "XTND_DRAFT_DAYS": "90",
            "XTND_CHECK_SECONDS": "2",
            "XTND_SANDBOX_CHECK_MS": "0",
            "XTND_OPEN_SESSIONS": "1",
            "XTND_SESSIONS_PER_ADDRESS": "2",
            "XTND_SESSIONS_PER_VISITOR": "3",
            "XTND_IDLE_SECONDS": "604800",
            "XTND_TRUSTED_PROXIES": "10.0.0.0/8, 192.0.2.7,,2001:db8::/32",
            "XTND_UNKNOWN": "ignored",
        }
    ) == Settings(
        database_url="postgresql+psycopg://db/wizard",
        key_ring_file=Path("/run/keys"),
        key_ring=Secret('{"current": "a"}'),
        trusted_origins=("https://localhost:8443", "http://127.0.0.1:9000", "https://[::1]:1", "https://a.b"),
        trusted_ca_file=str(ca),
        draft_days=90,
        check_seconds=2,
        sandbox_check_ms=0,
        open_sessions=1,
        sessions_per_address=2,
        sessions_per_visitor=3,
        idle_seconds=604_800,
        trusted_proxies=(*LOOPBACK, *map(ip_network, ("10.0.0.0/8", "192.0.2.7/32", "2001:db8::/32"))),
    )


def test_the_pace_of_the_sandbox_has_its_bounds() -> None:
    assert "from 0 to 5000" in refused(XTND_SANDBOX_CHECK_MS="5001")


@pytest.mark.parametrize("value", ["0", "91", "-1", "7.5", "seven", "٧", "9999999", "1e1", "0x7"])
def test_a_number_out_of_range_is_refused_with_its_name_and_its_range(value: str) -> None:
    sentence = refused(XTND_DRAFT_DAYS=value)
    assert "XTND_DRAFT_DAYS" in sentence
    assert "from 1 to 90" in sentence


@pytest.mark.parametrize(
    "name",
    [
        "XTND_CHECK_SECONDS",
        "XTND_OPEN_SESSIONS",
        "XTND_SESSIONS_PER_ADDRESS",
        "XTND_SESSIONS_PER_VISITOR",
        "XTND_IDLE_SECONDS",
    ],
)
def test_the_other_numbers_are_judged_too(name: str) -> None:
    assert name in refused(**{name: "0"})
    assert name in refused(**{name: "1000000"})


def test_every_limit_on_checks_can_be_set() -> None:
    numbers = {field.name: count for count, field in enumerate(fields(CheckLimits), start=1)}
    found = read({f"XTND_CHECKS_{name.upper()}": str(number) for name, number in numbers.items()})
    assert found.checks == CheckLimits(**numbers)
    for name in numbers:
        assert f"XTND_CHECKS_{name.upper()} " in refused(**{f"XTND_CHECKS_{name.upper()}": "0"})


def test_a_merchant_who_tries_twenty_times_in_ten_minutes_is_within_every_limit() -> None:
    limits = CheckLimits()
    assert limits.window_minutes == 10
    assert min(limits.per_tenant, limits.per_address, limits.per_host) >= 3 * 20


def test_a_long_value_is_not_repeated_whole() -> None:
    assert len(refused(XTND_DRAFT_DAYS="x" * 9000)) < 200
    assert len(refused(XTND_TRUSTED_ORIGINS="x" * 9000)) < 200


@pytest.mark.parametrize(
    "origin",
    [
        "localhost:8443",
        "ftp://localhost",
        "https://",
        "https://localhost/api",
        "https://localhost?x=1",
        "https://localhost#x",
        "https://user@localhost",
        "https://localhost:port",
        "https://localhost:99999",
        "https://[::1",
        "*",
        "null",
    ],
)
def test_what_is_no_origin_is_refused(origin: str) -> None:
    assert "XTND_TRUSTED_ORIGINS" in refused(XTND_TRUSTED_ORIGINS=f"https://localhost:1, {origin}")


@pytest.mark.parametrize("text", ["*", "0.0.0.0/0", "::/0", "10.0.0.1/8", "proxy.example.com", "10.0.0", "10.0.0.0/33"])
def test_what_is_no_network_of_proxies_is_refused(text: str) -> None:
    assert "XTND_TRUSTED_PROXIES" in refused(XTND_TRUSTED_PROXIES=f"10.0.0.0/8,{text}")


@pytest.mark.parametrize("text", ["*", "10.0.0.0/8"])
def test_the_web_servers_own_list_of_proxies_is_refused_because_it_would_count_beside_ours(text: str) -> None:
    assert "XTND_TRUSTED_PROXIES" in refused(FORWARDED_ALLOW_IPS=text)


def test_trusted_origins_and_sign_in_do_not_go_together() -> None:
    with pytest.raises(SettingsError, match="development only"):
        read({"XTND_TRUSTED_ORIGINS": "https://localhost:8443"}, signed_in=True)
    assert read({}, signed_in=True) == Settings()


def test_a_certificate_file_that_does_not_exist_is_refused() -> None:
    assert "XTND_TRUSTED_CA_FILE" in refused(XTND_TRUSTED_CA_FILE="/nowhere/ca.pem")


def test_the_key_ring_is_not_printed_with_the_settings() -> None:
    assert "marker" not in repr(read({"XTND_KEY_RING": "marker"}))


@pytest.mark.parametrize(
    ("secrets", "configured"),
    [(None, False), ("", False), ("[auth]\nclient_id = 'x'\n", True), ("[other]\n", False)],
)
def test_sign_in_is_on_where_the_secrets_file_has_an_auth_section(
    tmp_path: Path, secrets: str | None, configured: bool
) -> None:
    file = tmp_path / "secrets.toml"
    if secrets is not None:
        file.write_text(secrets, "utf-8")
    assert _sign_in_configured(file) is configured


def test_a_secrets_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "secrets.toml"
    file.write_text("not toml [", "utf-8")
    with pytest.raises(SettingsError, match="mend or remove it"):
        _sign_in_configured(file)


def test_a_registration_at_a_channel_is_read_with_the_address_to_come_back_to() -> None:
    found = read(
        {
            "XTND_PUBLIC_URL": "https://connect.example.com/",
            "XTND_SOME_SYSTEM_CLIENT_ID": "the id",
            "XTND_SOME_SYSTEM_CLIENT_SECRET": "marker-of-a-secret",
        }
    )
    assert found.public_url == "https://connect.example.com"
    assert found.clients["some_system"].id == "the id"
    assert found.clients["some_system"].secret == Secret("marker-of-a-secret")
    assert "marker" not in repr(found)


def test_half_a_registration_is_refused() -> None:
    assert "XTND_SHOP_CLIENT_SECRET" in refused(XTND_SHOP_CLIENT_ID="x", XTND_PUBLIC_URL="https://a.example.com")
    assert "XTND_SHOP_CLIENT_ID" in refused(XTND_SHOP_CLIENT_SECRET="x", XTND_PUBLIC_URL="https://a.example.com")


def test_a_registration_without_an_address_to_come_back_to_is_refused() -> None:
    assert "XTND_PUBLIC_URL" in refused(XTND_SHOP_CLIENT_ID="x", XTND_SHOP_CLIENT_SECRET="y")


@pytest.mark.parametrize(
    "text", ["connect.example.com", "http://connect.example.com", "https://a.b/path", "https://u@a.b"]
)
def test_an_address_to_come_back_to_is_an_https_origin(text: str) -> None:
    assert "XTND_PUBLIC_URL" in refused(XTND_PUBLIC_URL=text)


def test_at_home_the_address_to_come_back_to_may_be_plain() -> None:
    assert read({"XTND_PUBLIC_URL": "http://localhost:8501"}).public_url == "http://localhost:8501"


def test_a_brand_is_read(tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text(SVG)
    brand = read(
        {
            "XTND_BRAND_NAME": " Nordhandel – Åhlgren ",
            "XTND_BRAND_LOGO_FILE": str(logo),
            "XTND_BRAND_COLOR": "#7A1F5C",
            "XTND_BRAND_SUPPORT": "help@nordhandel.example",
        }
    ).brand
    assert brand == Brand("Nordhandel – Åhlgren", logo, Color(0x7A, 0x1F, 0x5C), "help@nordhandel.example")
    assert brand.support_link == "mailto:help@nordhandel.example"
    site = read({"XTND_BRAND_SUPPORT": "https://nordhandel.example/help?topic=xtnd"}).brand
    assert site.support_link == site.support
    assert Brand().support_link == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("XTND_BRAND_NAME", "x" * 41),
        ("XTND_BRAND_NAME", "two\nlines"),
        ("XTND_BRAND_COLOR", "teal"),
        ("XTND_BRAND_COLOR", "#fff"),
        ("XTND_BRAND_SUPPORT", "call us"),
        ("XTND_BRAND_SUPPORT", "http://nordhandel.example"),
        ("XTND_BRAND_SUPPORT", "javascript:alert(1)"),
        ("XTND_BRAND_SUPPORT", "https://"),
        ("XTND_BRAND_SUPPORT", "https://user@nordhandel.example/"),
        ("XTND_BRAND_SUPPORT", 'https://nordhandel.example/"onclick="x'),
        ("XTND_BRAND_SUPPORT", "a@b@nordhandel.example"),
        ("XTND_BRAND_SUPPORT", "mailto:help@nordhandel.example"),
        ("XTND_BRAND_LOGO_FILE", "/nowhere/logo.svg"),
    ],
)
def test_a_brand_that_can_not_be_shown_is_refused_by_its_name(name: str, value: str) -> None:
    assert name in refused(**{name: value})


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("logo.svg", b"hello"),
        ("logo.png", SVG.encode()),
        ("logo.gif", b"GIF89a"),
        ("logo", PNG),
        ("large.png", PNG + bytes(200_000)),
    ],
)
def test_a_logo_is_a_small_svg_or_png(tmp_path: Path, file: str, content: bytes) -> None:
    (tmp_path / file).write_bytes(content)
    assert "SVG or PNG" in refused(XTND_BRAND_LOGO_FILE=str(tmp_path / file))
    (tmp_path / "LOGO.PNG").write_bytes(PNG)
    assert read({"XTND_BRAND_LOGO_FILE": str(tmp_path / "LOGO.PNG")}).brand.logo_file == tmp_path / "LOGO.PNG"
