"""The rights that our questions take, by the boxes that a merchant ticks for them."""

_USUAL = {
    "store": "Stores",
    "orders": "Sales",
    "products": "Catalog",
    "stock": "Catalog > Inventory / Stores > Configuration > Inventory Section",
    "shipments": "Sales > Shipments",
}
"""The box for each check, for answers that name no right. For the stock: where 2.4 and where 2.2 has it."""
_BOXES = {
    "Magento_Backend::store": "Stores",
    "Magento_Backend::stores": "Stores",
    "Magento_Sales::sales": "Sales",
    "Magento_Sales::sales_order": "Sales",
    "Magento_Sales::actions_view": "Sales",
    "Magento_Sales::shipment": "Sales > Shipments",
    "Magento_Catalog::catalog": "Catalog",
    "Magento_Catalog::catalog_inventory": "Catalog > Inventory",
    "Magento_Catalog::products": "Catalog",
    "Magento_CatalogInventory::cataloginventory": "Stores > Configuration > Inventory Section",
}
"""The boxes to tick for a right, by the titles in Magento's `etc/acl.xml`. Levels without a choice are left out."""
_WHERE = {
    "integration": "System > Extensions > Integrations > API",
    "admin": "System > Permissions > User Roles > Role Resources",
}
"""Where rights are given, by the words of Magento's own menu."""


def missing_right(check: str, named: str, auth_method: str) -> dict[str, str]:
    """The box to tick, and where it is. A right that we don't know is named behind the box of the check."""
    usual = _USUAL[check]
    box = _BOXES.get(named) or (f"{usual} ({named})" if named else usual)
    return {"permission": box, "where": _WHERE[auth_method]}
