"""Connect a sales channel to XTND Backend: guide, check live, save sealed."""

__version__ = "1.0.0"
