"""Where things lie on a page whose parts are moved, turned and stretched inside one another."""

from typing import NamedTuple


class Matrix(NamedTuple):
    """An affine transformation in the order of PDF and OFD: x' = ax + cy + e, y' = bx + dy + f."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def apply(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f

    def then(self, outer: "Matrix") -> "Matrix":
        """Return the matrix that does this one first."""
        e, f = outer.apply(self.e, self.f)
        return Matrix(
            self.a * outer.a + self.b * outer.c, self.a * outer.b + self.b * outer.d,
            self.c * outer.a + self.d * outer.c, self.c * outer.b + self.d * outer.d,
            e, f,
        )  # fmt: skip


UNMOVED = Matrix(1, 0, 0, 1, 0, 0)
