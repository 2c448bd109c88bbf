"""The states of orders, of what pays for them, of what goes back, and of what goes to payees."""

from collective.core.domain.states import state_table

ORDER_STATES = state_table(
    "order",
    "awaiting_payment",
    awaiting_payment="authorized paid free cancelled expired",
    # The buyer's bank keeps the amount until the publisher has decided about access.
    authorized="paid cancelled expired",
    # Nothing to pay: the license was granted with the order.
    free="",
    paid="partly_refunded refunded",
    # Back to what it was when a refund failed on its way.
    partly_refunded="partly_refunded refunded paid",
    refunded="partly_refunded paid",
    cancelled="",
    # The money was on its way when the time was over.
    expired="paid",
)

ATTEMPT_STATES = state_table(
    "payment attempt",
    "reserved",
    reserved="open ended",
    open="authorized paid ended",
    authorized="paid ended",
    paid="",
    # Paid after all, when the rail says so later than that it was over.
    ended="paid",
)

INVOICE_STATES = state_table(
    "invoice",
    "reserved",
    reserved="open void refused",
    open="paid returned void uncollectible",
    # Nobody expects it to be paid any more, and it may be paid all the same.
    uncollectible="paid returned void",
    # Paid when its order could take the money no more.
    returned="",
    paid="",
    void="",
    refused="",
)

SUBSCRIPTION_STATES = state_table(
    "subscription",
    "pending",
    pending="active ended",
    active="past_due ending ended",
    # A payment failed; the license holds for its days of grace.
    past_due="active ending ended",
    # Cancelled: it holds until what is paid is over.
    ending="ended",
    ended="",
)

REFUND_REQUEST_STATES = state_table(
    "refund request",
    "reserved",
    # Above the limit it waits for another operator; its amount counts as gone all the same.
    reserved="awaiting_second done refused",
    awaiting_second="reserved refused",
    done="failed",
    refused="",
    failed="",
)

APPROVAL_STATES = state_table(
    "approval",
    "waiting",
    waiting="approved refused",
    approved="",
    refused="",
)

UNAPPLIED_STATES = state_table(
    "unapplied payment",
    "waiting",
    waiting="returned stuck",
    # An operator has to find another way to give it back.
    stuck="returned",
    returned="stuck",
)

DISPUTE_STATES = state_table(
    "dispute",
    "inquiry",
    inquiry="open closed",
    open="won lost",
    won="",
    lost="",
    closed="open",
)

SPONSORSHIP_STATES = state_table(
    "sponsorship",
    "open",
    open="closed",
    # What is left goes back to who paid it; no new licenses.
    closed="",
)

FUNDING_STATES = state_table(
    "funding",
    "reserved",
    reserved="open ended",
    open="paid ended",
    paid="",
    # Paid after all, when the rail says so later than that it was over.
    ended="paid",
)

SPONSOR_APPROVAL_STATES = state_table(
    "sponsor approval",
    "requested",
    requested="approved refused",
    approved="withdrawn",
    # They may ask again, or be invited.
    refused="requested approved",
    withdrawn="requested approved",
)

SPONSOR_RETURN_STATES = state_table(
    "sponsor return",
    "reserved",
    reserved="done refused",
    done="failed",
    # A person finds another way to the sponsor.
    refused="",
    failed="",
)

PAYOUT_ACCOUNT_STATES = state_table(
    "payout account",
    "none",
    # The rail has not been told of the payee yet.
    none="incomplete active restricted",
    incomplete="active restricted",
    active="incomplete restricted",
    # The rail pays nothing to this account, whatever the payee answers.
    restricted="incomplete active",
)

TRANSFER_STATES = state_table(
    "transfer",
    "reserved",
    reserved="sent failed",
    # All of it came back.
    sent="reversed",
    failed="",
    reversed="",
)

TRANSFER_REVERSAL_STATES = state_table(
    "transfer reversal",
    "reserved",
    reserved="done refused",
    done="",
    refused="",
)
