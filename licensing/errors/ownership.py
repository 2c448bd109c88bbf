"""What can be wrong with a claim of ownership, and what it stops."""

from collective.core.errors import ConflictError, DeniedError, InvalidError, LimitedError, NotFoundError


class OwnershipClaimNotFoundError(NotFoundError):
    code = "ownership_claim_not_found"
    text = "There is no claim with this id, or you may not see it."


class OwnershipClaimWordsError(InvalidError):
    code = "ownership_claim_words"
    text = "Write who you are, how we reach you, what is yours, why, and where we can check it."


class OwnershipPartError(InvalidError):
    code = "ownership_part"
    text = "This contribution is not in a published version of this dataset."


class OwnershipClaimsLimitError(LimitedError):
    code = "ownership_claims_limit"
    text = "There were many claims today already. Please come back tomorrow."


class OwnershipReasonMissingError(InvalidError):
    code = "ownership_reason_missing"
    text = "Write the reason. It is kept with the decision."


class OwnershipRejectDeniedError(DeniedError):
    code = "ownership_reject_denied"
    text = "Only the operators of this marketplace reject a claim: the publisher is a party to it."


class OwnershipOwnClaimError(DeniedError):
    code = "ownership_own_claim"
    text = "You, or the publisher that you belong to, filed this claim. Somebody else decides it."


class OwnershipUpholdDeniedError(DeniedError):
    code = "ownership_uphold_denied"
    text = "Only the operators of this marketplace uphold a claim that holds back what others earned."


class OwnershipNotUpheldError(ConflictError):
    code = "ownership_not_upheld"
    text = "Only a contribution that an upheld claim is about is taken out."


class OwnershipDisputedError(ConflictError):
    code = "ownership_disputed"
    text = (
        "Somebody else owns data in this dataset, as it seems. It is not licensed or delivered until that is settled."
    )
