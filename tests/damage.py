"""Damage that files meet, the same for the same seed."""

import io
import random
import zipfile


def mutate(content: bytes, chooser: random.Random) -> bytes:
    """Change some bytes, drop some, add some, or cut the file off."""
    changed = bytearray(content)
    for _ in range(chooser.randint(1, 8)):
        at = chooser.randrange(len(changed))
        kind = chooser.randrange(8)
        if kind < 4:
            changed[at] = chooser.randrange(256)
        elif kind == 4:
            del changed[max(1, at) : at + chooser.randint(1, 30)]
        elif kind < 7:
            changed[at:at] = chooser.randbytes(chooser.randint(1, 20))
        else:
            del changed[max(1, at) :]
    return bytes(changed)


def mutate_part(content: bytes, chooser: random.Random) -> bytes:
    """Change one member of a zip and pack it again."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        names = old.namelist()
        hit = chooser.choice(names)
        for name in names:
            member = old.read(name)
            new.writestr(name, mutate(member, chooser) if name == hit and member else member)
    return made.getvalue()
