"""What interop remembers."""

from collective.interop.models.archive import MdcArchive

__all__ = ["MdcArchive"]
