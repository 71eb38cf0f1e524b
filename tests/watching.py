"""Watching a verification as a page does."""

from tests.walks import draft_of
from tests.walks import watch as watch_draft
from xtnd_wizard.domain.findings import Report
from xtnd_wizard.limits.networks import network_of
from xtnd_wizard.service import Service
from xtnd_wizard.ui.runs import Viewer
from xtnd_wizard.wizard.check_runner import Event


def watch(service: Service, tenant: str, address: str | None = None) -> Viewer[Event | Report]:
    """Watch the tenant's draft being verified, from an address."""
    return watch_draft(service, draft_of(service, tenant), network_of(address))


def read(viewer: Viewer[Event | Report]) -> tuple[list[Event], Report]:
    """Everything that was found, and the report that it came to."""
    *events, report = viewer.events()
    assert isinstance(report, Report)
    return [event for event in events if not isinstance(event, Report)], report


def watched(service: Service, tenant: str, address: str | None = None) -> tuple[list[Event], Report]:
    """What a page gets that watches the tenant's draft being verified."""
    with watch(service, tenant, address) as viewer:
        return read(viewer)
