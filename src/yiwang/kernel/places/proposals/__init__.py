"""Proposed micro-grids of a grid: divided by the machine, moved by hand, adopted from a day on."""
