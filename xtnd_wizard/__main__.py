"""`python -m xtnd_wizard` is the operator's command."""

from xtnd_wizard.cli import app

app(prog_name="xtnd-wizard")
