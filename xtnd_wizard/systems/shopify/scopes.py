"""The permissions that an app needs for XTND, in groups as a merchant thinks of them.

XTND has not published its list. These follow from what it does with a webshop: it reads orders,
products and customers, and writes back stock and shipments. Names: shopify.dev/docs/api/usage/access-scopes.
"""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Group:
    """Permissions that stand or fall together."""

    check: str
    needed: tuple[str, ...]
    welcome: tuple[str, ...] = ()
    """Shown as granted or missing, and no reason to fail."""


GROUPS = (
    Group("orders", ("read_orders",)),
    Group("products", ("read_products",), ("write_products",)),
    Group("stock", ("read_inventory", "write_inventory")),
    Group("locations", ("read_locations",)),
    Group(
        "shipping",
        ("read_merchant_managed_fulfillment_orders", "write_merchant_managed_fulfillment_orders"),
        ("read_fulfillments",),
    ),
    Group("customers", ("read_customers",)),
)
OLD_ORDERS = "read_all_orders"
"""Without it an app sees the orders of the last 60 days (shopify.dev, the Order object of the Admin API)."""


def is_granted(scope: str, granted: Collection[str]) -> bool:
    """Whether an app has a permission. Shopify lists a write permission without the read one that it includes."""
    return scope in granted or scope.replace("read_", "write_", 1) in granted


def missing(scopes: Collection[str], granted: Collection[str]) -> tuple[str, ...]:
    """The permissions of these that an app lacks."""
    return tuple(scope for scope in scopes if not is_granted(scope, granted))


def listed(group: Group, granted: Collection[str]) -> str:
    """Each permission of a group, granted or missing, for support."""
    needed = [f"{scope} {_state(scope, granted)}" for scope in group.needed]
    welcome = [f"{scope} {_state(scope, granted)} (not needed)" for scope in group.welcome]
    return ", ".join([*needed, *welcome])


def _state(scope: str, granted: Collection[str]) -> str:
    return "granted" if is_granted(scope, granted) else "missing"
