"""In what numbers a model computes: an index made in one is not searched in the other."""

FLOAT32 = "float32"
INT8 = "int8"
PRECISIONS = (FLOAT32, INT8)
