"""What people paste where an address belongs, and what is read out of it."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.pasted import HOSTS_THAT_LOOK_ODD, base64_key, hex_key, small_letters_key
from xtnd_wizard.domain.api_url import ApiUrl, HostNote, HostRefusal, HostRefused, Reading, is_public_name, read_host
from xtnd_wizard.systems.cleaning import path_until

HOST = "shop.example.se"
TENANTS = "tenants.net"
SANDBOX_HOSTS = frozenset(("practice.test", "www.practice.test"))


def read(text: str) -> Reading:
    return read_host(text, sandbox_hosts=SANDBOX_HOSTS, tenant_domain=TENANTS)


def refusal(text: str) -> HostRefusal:
    with pytest.raises(HostRefused) as refused:
        read(text)
    return refused.value.refusal


def test_a_plain_host_is_taken_as_it_is() -> None:
    assert read(HOST) == Reading(ApiUrl(f"https://{HOST}"), None)


@pytest.mark.parametrize(
    "pasted",
    [
        f"https://{HOST}",
        f"http://{HOST}",
        f"HTTPS://{HOST}",
        f"//{HOST}",
        f"{HOST}/",
        f"https://{HOST}//",
    ],
)
def test_pasted_address_with_a_scheme_or_a_slash_keeps_only_the_host(pasted: str) -> None:
    assert read(pasted) == Reading(ApiUrl(f"https://{HOST}"), HostNote.TIDIED)


@pytest.mark.parametrize(
    "pasted",
    [
        f"https://{HOST}/api",
        f"{HOST}/api/",
        f"https://{HOST}/mmp/shop/user/api",
        f"https://{HOST}/mmp/shop/account?tab=1#keys",
        f"https://{HOST}/login",
        f"https://{HOST}?lang=sv",
        f"https://{HOST}#top",
        f"https://{HOST}/a/path/with spaces",
        f"https://{HOST}/@someone",
        f"https://{HOST}/?next=https://other.example.org/",
        f"https://{HOST}/a\\b",
        f"https://{HOST}/%41",
    ],
)
def test_pasted_address_with_a_path_keeps_only_the_host(pasted: str) -> None:
    assert str(read(pasted).url) == f"https://{HOST}"


@pytest.mark.parametrize("pasted", [f"{HOST}:443", f"https://{HOST}:443/api", f"http://{HOST}:443", f"{HOST}:"])
def test_the_usual_port_is_dropped(pasted: str) -> None:
    assert read(pasted).url.host == HOST


@pytest.mark.parametrize("pasted", ["Shop.Example.SE", "HTTPS://SHOP.EXAMPLE.SE/API"])
def test_upper_case_becomes_lower_case(pasted: str) -> None:
    assert read(pasted).url.host == HOST


@pytest.mark.parametrize("pasted", [f"{HOST}.", f"{HOST}./api", f"{HOST},", f"{HOST};", f"https://{HOST}!"])
def test_a_dot_or_comma_behind_the_host_is_dropped(pasted: str) -> None:
    assert read(pasted).url.host == HOST


@pytest.mark.parametrize(
    "pasted",
    [
        f"  {HOST}  ",
        f"\t{HOST}\r\n",
        f"\u00a0{HOST}\u2003",
        f"\u200b{HOST}\ufeff",
        "sh\u00adop.exam\u200dple.se",
        f"\u202a{HOST}\u202c",
        f"{HOST}\x00",
    ],
)
def test_spaces_around_and_invisible_characters_anywhere_are_dropped(pasted: str) -> None:
    assert read(pasted) == Reading(ApiUrl(f"https://{HOST}"), HostNote.TIDIED)


@pytest.mark.parametrize(
    "pasted",
    [f'"{HOST}"', f"'{HOST}'", f"“{HOST}”", f"”{HOST}”", f"«{HOST}»", f"<{HOST}>", f"`{HOST}`", f"<https://{HOST}/>"],
)
def test_quotes_and_brackets_around_the_host_are_dropped(pasted: str) -> None:
    assert read(pasted).url.host == HOST


@pytest.mark.parametrize(
    ("pasted", "host"),
    [
        ("träslottet.se", "xn--trslottet-w2a.se"),
        ("https://TRÄSLOTTET.SE/api", "xn--trslottet-w2a.se"),
        ("tra\u0308slottet.se", "xn--trslottet-w2a.se"),
        ("xn--trslottet-w2a.se", "xn--trslottet-w2a.se"),
        ("straße.de", "xn--strae-oqa.de"),
        ("例え.jp", "xn--r8jz45g.jp"),
        ("shop。example．se", HOST),
        ("ｓｈｏｐ.example.se", HOST),
    ],
)
def test_an_international_name_becomes_the_name_that_is_looked_up(pasted: str, host: str) -> None:
    assert read(pasted).url.host == host


@pytest.mark.parametrize("pasted", ["ahlens-prod", " Ahlens-Prod ", "https://ahlens-prod/", "“ahlens-prod”"])
def test_a_lone_tenant_is_completed_and_said_so(pasted: str) -> None:
    assert read(pasted) == Reading(ApiUrl("https://ahlens-prod.tenants.net"), HostNote.EXPANDED)


def test_a_lone_label_is_not_completed_where_there_is_nothing_to_complete_it_with() -> None:
    with pytest.raises(HostRefused) as refused:
        read_host("ahlens-prod")
    assert refused.value.refusal is HostRefusal.SINGLE_LABEL


@pytest.mark.parametrize(
    "host",
    ["marketplace.ahlens.se", "api.shop.co.uk", "a.b.c.d.example.museum", "3m.com", "1800flowers-prod.tenants.net"],
)
def test_an_operators_own_domain_is_as_good_as_any(host: str) -> None:
    assert read(host).url.host == host


@pytest.mark.parametrize(
    "pasted",
    [
        f"Our address is {HOST}",
        f"See https://{HOST}/mmp/shop/account and log in.",
        f"{HOST} (production)",
        f"Adress: {HOST}",
        f"https://{HOST}/one and https://{HOST}/two",
        f"URL:\n{HOST}",
    ],
)
def test_words_around_one_address_do_not_hide_it(pasted: str) -> None:
    assert read(pasted).url.host == HOST


@pytest.mark.parametrize("pasted", ["a.example.se b.example.se", "https://a.example.se or https://b.example.se"])
def test_two_different_addresses_are_not_guessed_between(pasted: str) -> None:
    assert refusal(pasted) is HostRefusal.SEVERAL


@pytest.mark.parametrize("pasted", ["", "   ", "\n", "\u200b", '""', "“ ”"])
def test_nothing_is_refused_as_nothing(pasted: str) -> None:
    assert refusal(pasted) is HostRefusal.EMPTY


@pytest.mark.parametrize("pasted", [f"{HOST}:8443", f"https://{HOST}:80/", f"http://{HOST}:8080/api", f"{HOST}:0"])
def test_another_port_is_refused(pasted: str) -> None:
    assert refusal(pasted) is HostRefusal.OTHER_PORT


@pytest.mark.parametrize(
    "pasted",
    [
        f"https://user@{HOST}",
        f"https://user:password@{HOST}/api",
        f"https://{HOST}@evil.example.org/",
        f"https://{HOST}:443@evil.example.org/",
        f"https://@{HOST}",
        f"user:password@{HOST}",
    ],
)
def test_user_info_is_refused(pasted: str) -> None:
    assert refusal(pasted) is HostRefusal.USER_INFO


@pytest.mark.parametrize("pasted", ["anna@example.se", " anna.berg@example.se\n", "“anna@example.se”"])
def test_an_email_address_is_called_one(pasted: str) -> None:
    assert refusal(pasted) is HostRefusal.EMAIL


@pytest.mark.parametrize(
    "pasted",
    [
        "127.0.0.1",
        "8.8.8.8",
        "https://93.184.216.34/api",
        "8.8.8.8:443",
        "8.8.8.8.",
        "[::1]",
        "https://[2606:2800:220:1::1]/",
        "[::1]:443",
        "::1",
        "2606:2800:220:1:248:1893:25c8:1946",
        "::ffff:127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0X7F000001",
        "https://0x7f000001/",
        "127.1",
        "127.0.1",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "127.0.0.0x1",
        "shop.example.123",
        "shop.0x",
        "256.256.256.256",
        "1.2.3.4.5",
        "１２７.０.０.１",
        "①②⑦.⓪.⓪.①",
        "127。0。0。1",
        "𝟭𝟮𝟳.𝟬.𝟬.𝟭",
    ],
)
def test_an_ip_address_is_refused_in_every_spelling(pasted: str) -> None:
    assert refusal(pasted) is HostRefusal.IP_ADDRESS


@pytest.mark.parametrize(
    "pasted",
    [
        "localhost",
        "LOCALHOST",
        "https://localhost/",
        "localhost.",
        "ｌｏｃａｌｈｏｓｔ",
        "shop.localhost",
        "printer.local",
        "intranet",
        "server.internal",
        "nas.lan",
        "router.home",
        "router.home.arpa",
        "1.0.0.127.in-addr.arpa",
        "shop.example",
        "shop.invalid",
        "shop.test",
        "hidden.onion",
        "mail.corp",
        "localhost.localdomain",
    ],
)
def test_a_name_that_never_is_public_is_refused(pasted: str) -> None:
    assert refusal(pasted) is HostRefusal.SPECIAL_USE


@pytest.mark.parametrize(
    "pasted",
    [
        f"http://{HOST}\\@127.0.0.1/",
        f"https:\\\\{HOST}",
        f"{HOST}\\api",
        f"https://{HOST}%2f.evil.example.org/",
        "https://%31%32%37.0.0.1/",
        f"https://{HOST}:44x3/",
        f"https://{HOST}:-443/",
        "sh_op.example.se",
        "-shop.example.se",
        "shop-.example.se",
        "shop..example.se",
        "https://",
        "https:///api",
        "/api/account",
        "?a=b",
        "a" * 64 + ".example.se",
        "a." * 127 + "example.se",
        "shop.example.se|evil.example.org",
        "jag vet inte",
        "…",
        "xn--\u00e4.se",
    ],
)
def test_what_is_no_name_is_refused(pasted: str) -> None:
    assert refusal(pasted) is HostRefusal.NOT_A_NAME


@pytest.mark.parametrize(
    "pasted",
    [
        "5d0c6e1a-8f27-4b93-9a64-2f1d7c3e1a2b",
        " 5D0C6E1A-8F27-4B93-9A64-2F1D7C3E1A2B\n",
        "5d0c6e1a-8f27-4b93-9a64-2f1d7c3e1a",
        "https://shop.example.se/?key=5d0c6e1a-8f27-4b93-9a64-2f1d7c3e1a2b",
        "5d0c6e1a-8f27-4b93-9a64-2f1d7c3e1a2b.example.se",
        "5d0c6e1a-\u200b8f27-4b93-9a64-2f1d7c3e1a2b",
    ],
)
def test_a_key_in_the_wrong_field_is_called_one_and_never_looked_up(pasted: str) -> None:
    assert refusal(pasted) is HostRefusal.LOOKS_LIKE_A_KEY


CHANCE, BASE64 = small_letters_key(4), base64_key(4).replace("_", "-")


@pytest.mark.parametrize(
    "pasted",
    [
        *(CHANCE, BASE64, f"https://{CHANCE}/", f"{CHANCE}:443", f"{CHANCE}.", f"“{BASE64}”", f"{BASE64}\u3002"),
        *(f"shop.{CHANCE}", f"shop.{BASE64}", f"key:{CHANCE}", f"key:{BASE64}", f"{BASE64}:x", f"{BASE64}/+ab="),
        *(f"{hex_key(4)}.example.se", f"www\u3002{hex_key(4)}\uff0eexample.se", f"shpx_{hex_key(4)}.example.se"),
        *("schwarzpflanzenmarkt24", "NORDICFASHIONgroupAB"),
    ],
)
def test_a_key_is_told_by_chance_only_where_no_name_can_be(pasted: str) -> None:
    assert refusal(pasted) is HostRefusal.LOOKS_LIKE_A_KEY


@pytest.mark.parametrize("host", HOSTS_THAT_LOOK_ODD)
@pytest.mark.parametrize("around", ["{}", "https://{}/", "HTTPS://{}:443/x?y#z", "Our shop: {}", "{}."])
def test_a_shop_whose_name_looks_like_a_key_or_an_example_is_read(host: str, around: str) -> None:
    assert read(around.format(host)).url.host == host.lower()


def test_a_shop_whose_name_looks_like_a_key_is_read_with_dots_of_another_script() -> None:
    assert read("NORDICFASHIONgroupAB\uff0ese").url.host == "nordicfashiongroupab.se"


@pytest.mark.parametrize("name", ["schwarzpflanzenmarkt24", "NORDICFASHIONgroupAB"])
def test_a_tenant_whose_name_looks_like_a_key_is_read_with_its_ending(name: str) -> None:
    assert refusal(name) is HostRefusal.LOOKS_LIKE_A_KEY
    assert read(f"{name}.{TENANTS}").url.host == f"{name.lower()}.{TENANTS}"


@pytest.mark.parametrize(
    "pasted",
    [
        *("your-store", "<your-store>", "din-butik", f"https://your-store.{TENANTS}/", f"din-butik.{TENANTS}"),
        *("https://<your-store>.se", "https://yourshop.com/admin", "your-domain.com"),
    ],
)
def test_an_example_is_refused_where_examples_stand(pasted: str) -> None:
    assert refusal(pasted) is HostRefusal.PLACEHOLDER


@pytest.mark.parametrize("pasted", [f"ftp://{HOST}", "file:///etc/passwd", f"javascript://{HOST}/", f"ws://{HOST}"])
def test_an_address_that_is_not_of_the_web_is_refused(pasted: str) -> None:
    assert refusal(pasted) is HostRefusal.NOT_A_WEB_ADDRESS


@pytest.mark.parametrize("host", sorted(SANDBOX_HOSTS))
def test_a_sandbox_host_may_be_called_though_its_name_is_reserved(host: str) -> None:
    assert read(f"https://{host.upper()}/mmp/shop").url.host == host


@pytest.mark.parametrize("host", ["other.practice.test", "practice.test.example", "xpractice.test"])
def test_only_the_exact_sandbox_hosts_are_exempt(host: str) -> None:
    assert refusal(host) is HostRefusal.SPECIAL_USE


TRUSTED = ("https://localhost:8443", "http://127.0.0.1:9000")


@pytest.mark.parametrize(
    ("pasted", "origin"),
    [
        ("https://localhost:8443", "https://localhost:8443"),
        ("https://LOCALHOST:8443/mmp/shop", "https://localhost:8443"),
        ("localhost:8443", "https://localhost:8443"),
        (" 127.0.0.1:9000/api?x=1 ", "http://127.0.0.1:9000"),
        ("http://127.0.0.1:9000#x", "http://127.0.0.1:9000"),
    ],
)
def test_a_trusted_origin_is_called_as_it_stands(pasted: str, origin: str) -> None:
    reading = read_host(pasted, trusted_origins=TRUSTED)
    assert reading.url == ApiUrl(origin)
    assert reading.url.host == origin.split("://")[1]


@pytest.mark.parametrize(
    "pasted",
    [
        "http://localhost:8443",
        "https://localhost",
        "https://localhost:84430",
        "https://localhost:844",
        "https://127.0.0.1:9000",
        "https://localhost:8443@evil.example.org",
        "https://evil.example.org@localhost:8443",
        "https://localhost:8443\\.example.org",
        "https://localhost:8443.example.org",
        "https://xlocalhost:8443",
    ],
)
def test_what_is_not_exactly_a_trusted_origin_is_refused(pasted: str) -> None:
    with pytest.raises(HostRefused):
        read_host(pasted, trusted_origins=TRUSTED)


@pytest.mark.parametrize(
    ("host", "public"),
    [(HOST, True), ("8.8.8.8", False), ("localhost", False), ("shop", False), ("Shop.Example.se", False), ("", False)],
)
def test_a_public_name_is_told_from_every_other_host(host: str, public: bool) -> None:
    assert is_public_name(host) is public


def test_a_url_says_its_host_and_its_folder() -> None:
    url = ApiUrl("https://shop.example.se", "/store")
    assert (url.host, str(url)) == ("shop.example.se", "https://shop.example.se/store")


HOSTLIKE = st.text(alphabet="abz09.-_:/@\\[]%?# xn\u00e4\u3002\uff0e\u200b\u0660ß", max_size=40)


@given(st.text() | HOSTLIKE | st.from_regex(r"(https?://)?[\w.-]+(:\d+)?(/\S*)?", fullmatch=True))
@example("xn--a.se")
@example("0x7f000001")
@example("\ud800.se")
def test_any_text_is_read_as_a_public_host_or_refused_with_a_reason(text: str) -> None:
    try:
        reading = read(text)
    except HostRefused:
        return
    assert re.fullmatch(r"https://[a-z0-9-]+(\.[a-z0-9-]+)+", str(reading.url))
    assert read(str(reading.url)).url == reading.url
    assert read(reading.url.host) == Reading(reading.url, None)


def in_a_folder(text: str) -> str:
    """A pasted address, for a channel whose API may be in a folder."""
    return read_host(text, sandbox_hosts=SANDBOX_HOSTS, sub_path=path_until("admin*", "rest", "*.php")).url.shown


@pytest.mark.parametrize(
    ("pasted", "shown"),
    [
        (HOST, HOST),
        (f"https://{HOST}/", HOST),
        (f"https://{HOST}/butik/", f"{HOST}/butik"),
        (f"https://{HOST}/se/butik/index.php/x?y#z", f"{HOST}/se/butik"),
        (f"{HOST}/butik/admin_x7/dashboard/", f"{HOST}/butik"),
        (f"{HOST}/Butik/REST/V1", f"{HOST}/Butik"),
        (f"Our shop: https://{HOST}/butik, thanks", f"{HOST}/butik"),
        (f"https://{HOST}/a%2e/b", HOST),
        (f"https://{HOST}/../b", HOST),
        (f"https://{HOST}/a/./b", f"{HOST}/a"),
        (f"https://{HOST}//a//b", f"{HOST}/a/b"),
        ("practice.test/butik", "practice.test/butik"),
    ],
)
def test_a_folder_below_the_host_is_kept_up_to_where_the_shop_ends(pasted: str, shown: str) -> None:
    assert in_a_folder(pasted) == shown


@given(st.text(max_size=60))
def test_a_folder_reads_the_same_when_it_is_read_again(path: str) -> None:
    shown = in_a_folder(f"https://{HOST}/{path}")
    assert in_a_folder(shown) == shown
    assert re.fullmatch(rf"{re.escape(HOST)}(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*", shown)
