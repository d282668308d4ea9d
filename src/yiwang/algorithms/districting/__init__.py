"""Cutting a grid into micro-grids: contiguous parts with about as many households each."""
