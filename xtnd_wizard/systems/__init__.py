"""Every external system that XTND can connect to: one folder each, found by itself."""

import importlib
import pkgutil
from functools import cache

from xtnd_wizard.systems.contract import System


@cache
def all_systems() -> tuple[System, ...]:
    """Every system that has a folder here, in the order of their `ORDER`, then their names."""
    modules = [
        importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__) if found.ispkg
    ]
    ordered = sorted(modules, key=lambda module: (getattr(module, "ORDER", 100), module.SYSTEM.name))
    return tuple(module.SYSTEM for module in ordered)


def get_system(code: str) -> System:
    """A system by its code. Raises KeyError for an unknown one."""
    return {system.code: system for system in all_systems()}[code]
