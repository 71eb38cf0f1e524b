"""The wizard as plain Python: steps, draft, what comes next, what may be saved."""
