"""Measurements of quality and speed; every figure in the documentation comes from here."""
