"""Cells from files: read, shown with every fault, then taken in when the person says so."""

from .preview import DatumChoice, Preview, Row, preview_cells, read_file
from .records import Fault
from .taking import import_cells

__all__ = [
    "DatumChoice", "Fault", "Preview", "Row", "import_cells", "preview_cells", "read_file",
]
