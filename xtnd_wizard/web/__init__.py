"""The HTTP and the websockets around the pages: who may come in, how many, how fast, and with which headers."""

from xtnd_wizard.web.identity import COOKIE, LANGUAGE_COOKIE

__all__ = ["COOKIE", "LANGUAGE_COOKIE"]
