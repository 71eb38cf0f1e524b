"""One process of several that start beside the same folder at the same moment."""

import sys
from pathlib import Path

from xtnd_wizard.settings import Settings
from xtnd_wizard.storage.engine import DatabaseError, open_engine
from xtnd_wizard.storage.start import open_vault
from xtnd_wizard.vault import VaultError


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main(folder: Path) -> None:
    """Wait for the word, start, and say which key seals."""
    settings = Settings(database_url=f"sqlite:///{folder / 'wizard.db'}", key_ring_file=folder / "keys")
    say("ready")
    sys.stdin.readline()
    try:
        say(open_vault(open_engine(settings.database_url), settings).ring.current)
    except (DatabaseError, VaultError) as reason:
        say(f"refused: {reason}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
