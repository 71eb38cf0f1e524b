"""Which addresses are public. A table, because Python 3.11's `is_global` lets some reserved ranges pass."""

import ipaddress

_REFUSED_4 = tuple(
    ipaddress.IPv4Network(net)
    for net in [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    ]
)
_ALLOWED_6 = ipaddress.IPv6Network("2000::/3")
_REFUSED_6 = tuple(
    ipaddress.IPv6Network(net) for net in ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "2620:4f:8000::/48"]
)
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")


def is_public(address: str) -> bool:
    """Whether an IP address in text form belongs to the public internet."""
    if "%" in address:  # a scope id only exists on a local link
        return False
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and parsed in _MAPPED:
        parsed = ipaddress.IPv4Address(parsed.packed[-4:])
    if isinstance(parsed, ipaddress.IPv4Address):
        return not any(parsed in net for net in _REFUSED_4)
    return parsed in _ALLOWED_6 and not any(parsed in net for net in _REFUSED_6)
