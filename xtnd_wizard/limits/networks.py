"""What a client's address is counted by."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

Address = IPv4Address | IPv6Address
_CUSTOMER_PREFIX = 64
"""A provider hands out IPv6 addresses by networks of this size or larger; a single one says nothing."""


def parse_address(text: str) -> Address | None:
    """An address as it stands in a header or a socket, mapped ones unwrapped; None for anything else."""
    try:
        parsed = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return (parsed.ipv4_mapped or parsed) if isinstance(parsed, IPv6Address) else parsed


def network_of(text: str | None) -> str:
    """The address itself, or for IPv6 the /64 that one subscriber has; empty where nobody knows it."""
    parsed = parse_address(text or "")
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, _CUSTOMER_PREFIX), strict=False))
    return str(parsed) if parsed else ""
