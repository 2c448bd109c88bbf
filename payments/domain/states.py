"""The states of orders, of what pays for them, of what goes back, and of what goes to payees."""

from collective.core.domain.states import state_table

ORDER_STATES = state_table(
    "order",
    "awaiting_payment",
    awaiting_payment="paid free cancelled expired",
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
    open="paid ended",
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
