"""What people paste by mistake, and keys and names of every kind, made of a number so that a failure repeats."""

import base64
import json
import random
import uuid

MESSAGE = """Hi Anna,

here is what you asked for.
The user is ullboden and the rest is below.
Call me when it works.

Best wishes
Support"""
KEY_FILE = "\n".join(
    (
        "-----BEGIN RSA PRIVATE KEY-----",
        "MIIBOgIBAAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8Qu",
        "-----END RSA PRIVATE KEY-----",
    )
)
PLACEHOLDERS = (
    *(
        "<your-api-key>",
        "YOUR_API_KEY",
        "xxxxxxxx",
        "XXXX-XXXX-XXXX",
        "your-api-key-here",
        "[YOUR KEY]",
        "{{ api_key }}",
    ),
    *(
        "${API_KEY}",
        "%API_KEY%",
        "<access token>",
        "yourApiKey",
        "<ditt lösenord>",
        "DIN_API_NYCKEL",
        "INSERT_KEY_HERE",
    ),
    *("xk_live_xxxxxxxx", "xk_your_consumer_key", "REPLACE_ME", "changeme", "__API_KEY__", "klistra in nyckeln här"),
)
EXAMPLES_IN_WORDS = (
    *("YOUR_API_KEY", "xxxxxxxx", "xxxx", "changeme", "YourSecretPassword", "MyPasswordHere", "Exempel-lösenord"),
    *("replace-me", "klistra in nyckeln här", "xk_live_xxxxxxxx"),
)
"""Without brackets, so that somebody may have chosen one for a password."""
EXAMPLES_IN_BRACKETS = ("<your-api-key>", "[YOUR KEY]", "{{ api_key }}", "${API_KEY}", "%API_KEY%", "__API_KEY__")
MASKED_THROUGHOUT = ("********", "••••••••", "●●●●●●●●●●●●", "............", "**** **** ****", "····")
MASKED_IN_PART = ("sk_live_****1234", "••••1a2b", "5d0c6e1a-****-****-****-2f1d7c3e1a2b", "abcd...wxyz", "…9f8e7d6")
JSON = ('{"user": "ullboden", "word": "abc-123"}', '[{"a": 1}]', '{"half": "of it", "more":}')
ADDRESSES = ("https://shop.example.se/login", "http://example.se", "www.example.se", "admin.shop.example.se")
PASSWORDS = (
    *("hunter2", "Ull&tuva 2041", "p@ss:w0rd!", "correct horse battery staple", "<&>]]>", "åäö ÅÄÖ é", "{korv}", "a.b"),
    *(
        "my password",
        "x1x2x3",
        "under_score_9",
        "https",
        "12345678",
        "a=b;c=d",
        "tel: 08-123",
        "[hej]",
        "%d%s%x",
    ),
)
NAMES = (
    *("shop.example.se", "marketplace-decathlon-eu", "galeriakarstadtkaufhofgmbhde-prod", "1800flowers-prod"),
    *(
        "long-shop-name-2024",
        "6nzh0y-y6",
        "b8ad71-3",
        "quickstart-1a2b3c4d",
        "the-longest-shop-name-that-anybody-can-think-of",
    ),
    *("main-bvxea6i-abcdefghijklm.eu-5.magentosite.cloud", "mcprod-6ovdw3i-mfwmkrjfqvbjk.us-4.magentosite.cloud"),
    *("myapp-ds27dh7271aah175.westus-01.azurewebsites.net", "d111111abcdef8.cloudfront.net", "shop24-7.se"),
    *("przedsiebiorstwohandlowe.pl", "weihnachtsdekorationen.de", "handwerkerbedarfshop.de", "eyjafjallajokull.is"),
    *("schuhgeschaeftmuenchen.de", "electrodomesticosonline.es", "dziecieceubrankasklep.pl", "huonekalutehdasoulu.fi"),
    *(
        "barnvagnsspecialisten.se",
        "kattleksakerochhundmat.se",
        "LantbrukOchTradgardsBoden.se",
        "MyVeryLongShopName2024.com",
    ),
    *(
        "xn--hlns-poa0a.se",
        "xn--clchc0ea0b2g2a9gcd",
        "åhléns.se",
        "deadbeef.se",
        "cafe-babe.se",
        "4x4parts.se",
        "a" * 29,
    ),
)
HOSTS_THAT_LOOK_ODD = (
    *("schwarzpflanzenmarkt24.de", "wszystkodlatwojegodomu.pl", "zdrowezakupyprzezinternet.pl"),
    *("przyjacielepszczol24.pl", "NORDICFASHIONgroupAB.se", "www.schwarzpflanzenmarkt24.de"),
    *("dinbutik.se", "din-webbutik.se", "yourshop.se", "ditt-foretag.se", "www123.your-server.de"),
    *("clients.your-server.de", "your-shop.co.uk"),
)
"""Right hosts whose labels alone would pass for a key, or for an example."""
WORDS = (
    *(
        "garn",
        "ull",
        "shop",
        "butik",
        "market",
        "place",
        "prod",
        "nordic",
        "house",
        "flowers",
        "sport",
        "home",
        "living",
    ),
    *(
        "barn",
        "skor",
        "verktyg",
        "trend",
        "outlet",
        "design",
        "garden",
        "electronics",
        "group",
        "online",
        "store",
        "berg",
    ),
)


def hex_key(seed: int, length: int = 32) -> str:
    """Hexadecimal digits, as many tokens are."""
    return random.Random(seed).randbytes(length).hex()[:length]


def uuid_key(seed: int) -> str:
    """A key in five groups."""
    return str(uuid.UUID(int=random.Random(seed).getrandbits(128)))


def base64_key(seed: int, size: int = 32) -> str:
    """Base64 for addresses (RFC 4648, section 5)."""
    return base64.urlsafe_b64encode(random.Random(seed).randbytes(size)).decode().rstrip("=")


def small_letters_key(seed: int, length: int = 32) -> str:
    """Small letters and digits by chance."""
    chance = random.Random(seed)
    return "".join(chance.choice("0123456789abcdefghijklmnopqrstuvwxyz") for _ in range(length))


def jwt(seed: int) -> str:
    """A JSON web token whose parts are short enough to pass for labels."""
    parts = ({"alg": "HS256"}, {"uid": seed % 10**9, "iat": 1_700_000_000})
    return ".".join(
        [
            *(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts),
            base64_key(seed),
        ]
    )


KEY_KINDS = (hex_key, uuid_key, base64_key, jwt)
