"""Multiply in whole numbers: 8 bits for a weight, 8 bits for what it meets, 32 for their sum.

Each row of the weights and each token has a scale of its own, so a token's result depends on no
other token, and the sums are the same wherever they are made: a processor without instructions for
them makes them in float32, no faster than without this, but alike. Importing this takes seconds.
"""

import torch
from torch import Tensor
from torch.nn import Linear, Module
from torch.nn.functional import linear

_MOST = 127  # of a signed byte, leaving out -128 so that both signs reach as far
_LEAST = 1e-30  # a row of zeros must not be divided by zero


class Int8Linear(Module):
    """What `torch.nn.Linear` does, within half of 1/127 of each row's largest number."""

    weight: Tensor
    scales: Tensor

    def __init__(self, original: Linear) -> None:
        super().__init__()
        weight = original.weight.detach()
        scales = _scale_rows(weight)
        codes = (weight / scales).round_().to(torch.int8)
        self.register_buffer("weight", codes)  # [out, in]
        self.register_buffer("scales", scales[:, 0])  # [out]
        self.bias = original.bias

    def forward(self, given: Tensor) -> Tensor:
        rows = given.reshape(-1, given.shape[-1]).float()
        scales = _scale_rows(rows)
        codes = (rows / scales).round_()
        if self.weight.device.type == "cpu" and has_byte_products():
            sums = torch._int_mm(codes.to(torch.int8), self.weight.t()).float()
        else:  # exact as long as the sum is below 2 ** 24: bytes of text are far from all being 127
            sums = linear(codes, self.weight.float())
        sums.mul_(self.scales)
        result = sums.mul_(scales) if self.bias is None else torch.addcmul(self.bias, sums, scales)
        return result.reshape(*given.shape[:-1], -1)


def use_int8(model: Module) -> None:
    """Replace every linear layer of a model in float32, wherever it stands, by its 8-bit form."""
    for name, child in list(model.named_children()):
        if type(child) is Linear:
            setattr(model, name, Int8Linear(child))
        else:
            use_int8(child)


def has_byte_products() -> bool:
    """Tell whether this processor multiplies and adds bytes in one instruction (VNNI).

    Without it, torch's own loop over bytes is many times slower than float32.
    """
    known = torch.cpu.get_capabilities()
    return bool(known.get("avx512_vnni") or known.get("avx_vnni"))


def _scale_rows(rows: Tensor) -> Tensor:
    """Return what a step of each row [n, d] is worth: [n, 1]."""
    # Faster than abs().amax(), which writes all numbers once more.
    most = torch.maximum(rows.amax(1, keepdim=True), -rows.amin(1, keepdim=True))
    return most.div_(_MOST).clamp_(min=_LEAST)
