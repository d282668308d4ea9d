"""What a foreign table teaches: its places, units and classes, and who handles what where.

``survey`` counts, ``rule_tree`` finds the fewest rules that say it (pure), ``learned`` writes.
"""
