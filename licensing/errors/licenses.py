"""What is not there, and texts that never change."""

from collective.core.errors import ConflictError, InvalidError, NotFoundError


class LicenseTextChangedError(ConflictError):
    code = "license_text_changed"
    text = "The text of {license} {version} differs from the published one. Give it a new version number."


class LicenseTranslationError(InvalidError):
    code = "license_translation"
    text = "A translation is of a published version, in a language as in fr or wo-SN. Publish the English text first."


class LicenseTextWrongError(InvalidError):
    code = "license_text_wrong"
    text = "A license's text is readable UTF-8, and is not published already."


class LicenseNotFoundError(NotFoundError):
    code = "license_not_found"
    text = "There is no license text with this hash."


class OfferNotFoundError(NotFoundError):
    code = "offer_not_found"
    text = "There is no offer with this id, or you may not see it."


class GrantNotFoundError(NotFoundError):
    code = "grant_not_found"
    text = "There is no license with this id, or you may not see it."


class StatusListNotFoundError(NotFoundError):
    code = "status_list_not_found"
    text = "There is no status list with this number."


class FileNotFoundInVersionError(NotFoundError):
    code = "file_not_found"
    text = "This version has no file with this path."
