"""Faces for machines: translate in, one call, translate out."""
