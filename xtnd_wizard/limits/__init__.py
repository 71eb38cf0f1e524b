"""Limits per caller: concurrent uses, quotas over a window, and what counts as one caller."""
