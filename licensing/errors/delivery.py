"""Why a license is not concluded, and why bytes are not given."""

from collective.core.errors import (
    ConflictError,
    DeniedError,
    GoneError,
    InvalidError,
    LimitedError,
    NotFoundError,
    UnauthenticatedError,
)

# Grants


class NotRenewedError(ConflictError):
    code = "not_renewed"
    text = "The license of {licensee} for {dataset} is suspended, so that it is not renewed."


class AlreadyLicensedError(ConflictError):
    code = "already_licensed"
    text = "{licensee} already has this license for {dataset}."


class SigningKeyLockedError(ConflictError):
    code = "signing_key_locked"
    text = "The signing key cannot be opened with the present secret of this instance. Make a new signing key."


# Delivery: in the order in which they are asked


class VersionWithdrawnError(GoneError):
    code = "version_withdrawn"


class VersionRetractedError(GoneError):
    code = "version_retracted"
    text = "Version {number} was taken back by its publisher and is not delivered any more."


class DatasetWithdrawnError(GoneError):
    code = "dataset_withdrawn"
    text = "This dataset was taken back by its publisher and is not delivered any more."


class QuarantinedError(DeniedError):
    code = "quarantined"
    text = "This dataset is being examined. Nothing is delivered until that is done."


class SignInToDownloadError(UnauthenticatedError):
    code = "not_authenticated"
    text = "Data files are delivered to licensees only. Sign in or send an API key; the license is at {url}"


class ScopeMissingError(DeniedError):
    code = "scope_missing"
    text = "This API key may not download. Make one with the scope “download”."


class LinkKeyEndedError(DeniedError):
    code = "link_key_ended"
    text = "The API key that this link was made with has ended. Ask for a new link with another key."


class LinksLimitedError(LimitedError):
    code = "links_limited"
    text = "Links of this API key are followed too often. Go on in {retry_after} seconds, and read larger ranges."


class LicenseRequiredError(DeniedError):
    code = "license_required"
    text = "You need a license to download this dataset. Get one at {url}"


class TermsRequiredError(LicenseRequiredError):
    code = "terms_required"
    text = "This dataset is free. Accept its terms first, at {url}"


class LicenseExpiredError(DeniedError):
    code = "license_expired"
    text = "Your license for this dataset ended on {ended}. Renew it at {url}"


class LicenseNotStartedError(DeniedError):
    code = "license_not_started"
    text = "Your license for this dataset begins on {starts}."


class LicenseSuspendedError(DeniedError):
    code = "license_suspended"
    text = "Your license for this dataset is suspended: {reason}"


class LicenseRevokedError(DeniedError):
    code = "license_revoked"
    text = "Your license for this dataset was revoked: {reason}"


class VersionNotCoveredError(DeniedError):
    code = "version_not_covered"
    text = "Your license covers versions {range} of this dataset, and not {number}. Get another at {url}"


class ActionNotGrantedError(DeniedError):
    code = "action_not_granted"
    text = "Your license for this dataset does not permit this: {action}. It permits: {granted}."


class ActionUnknownError(InvalidError):
    code = "action_unknown"
    text = "There is no action called {action}. Use one of: {actions}."


class EvaluationSplitMissingError(ConflictError):
    code = "evaluation_split_missing"
    text = "An Evaluation License gives the evaluation split, and version {number} has none. Publish one with it first."


class SubscriptionEndedError(LicenseExpiredError):
    code = "subscription_ended"
    text = "Your subscription ended on {ended}. {retention} Renew it at {url}"


# Download sessions


class SessionNotFoundError(NotFoundError):
    code = "session_not_found"
    text = "There is no such download session. Ask for the manifest again."


class SessionKeyMismatchError(DeniedError):
    code = "session_key_mismatch"
    text = "This download session belongs to another API key. Ask for the manifest with your own."


class SessionExpiredError(DeniedError):
    code = "session_expired"
    text = "This download session is over. Ask for the manifest again."


class ByteBudgetError(LimitedError):
    """`retry_after` in seconds; `session` is what the publisher needs to raise the budget."""

    code = "byte_budget"
    text = (
        "You were given this version {times} times today, which is as often as a day allows. Keep what you download. "
        "If your job needs more, send the number {session} to the publisher of the dataset, who can raise it."
    )
