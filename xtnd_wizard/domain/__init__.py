"""Plain values that every floor speaks of: no I/O, and nothing imported from above."""
