"""A workbook (.xlsx, .xlsm, .xls): its visible sheets one after the other, as they are shown."""

from indexer.readers.composing import Composer
from indexer.readers.grid import lay_out
from indexer.readers.package import is_protected
from indexer.readers.source import Source, Step, ignore_steps


def read(content: bytes, step: Step = ignore_steps) -> Source:
    """Read a workbook.

    Raises:
        ReadError: it is damaged, protected, or larger than any real one.
    """
    composer = Composer()
    if content.startswith(b"PK") or is_protected(content):
        from indexer.readers.xlsx import read_sheets
    else:
        from indexer.readers.xls import read_sheets
    grids = [grid for grid in read_sheets(content, composer) if grid.rows]
    for done, grid in enumerate(grids):
        step(done, len(grids))
        lay_out(grid, composer, is_one_of_many=len(grids) > 1)
    return composer.source()
