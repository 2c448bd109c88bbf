"""What other people's clients leave behind that no other app has a place for."""

from collective.interop.models.archive import MdcArchive
from collective.interop.models.pushed_card import PushedCard
from collective.interop.models.submission import MdcSubmission, MdcUpload

__all__ = ["MdcArchive", "MdcSubmission", "MdcUpload", "PushedCard"]
