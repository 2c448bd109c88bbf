"""What interop remembers."""

from collective.interop.models.archive import MdcArchive
from collective.interop.models.submission import MdcSubmission, MdcUpload

__all__ = ["MdcArchive", "MdcSubmission", "MdcUpload"]
