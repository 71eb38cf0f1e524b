"""Lists the guide steps whose foreign screens should be looked at again, the oldest first. Never fails."""

from datetime import UTC, datetime

from xtnd_wizard.systems import all_systems
from xtnd_wizard.systems.guide import STALE_AFTER, foreign_screens


def main() -> None:
    """Print one line for each stale step."""
    today = datetime.now(UTC).date()
    screens = [(found.folder.name, screen) for found in all_systems() for screen in foreign_screens(found.folder)]
    stale = sorted(
        (screen.checked_on, f"{name}/guide.toml", screen.path, screen.source)
        for name, screen in screens
        if screen.is_stale(today)
    )
    for row in stale:
        print(*row, sep="  ")
    print(f"{len(stale)} of {len(screens)} foreign screens were last checked more than {STALE_AFTER.days} days ago.")


if __name__ == "__main__":
    main()
