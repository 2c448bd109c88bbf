"""Papers that people print and keep."""

from collective.core.pdf.document import INK, MARGIN, SOFT, WIDTH, open_document, write

__all__ = ["INK", "MARGIN", "SOFT", "WIDTH", "open_document", "write"]
