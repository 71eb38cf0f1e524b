"""How much one caller may have: places at once, quotas in a while, and what counts as one caller."""
