"""The states of an order."""

from collective.core.domain.states import state_table

ORDER_STATES = state_table(
    "order",
    "awaiting_payment",
    awaiting_payment="paid free cancelled expired",
    # Nothing to pay: the license was granted with the order.
    free="",
    paid="partly_refunded refunded",
    partly_refunded="partly_refunded refunded",
    refunded="",
    cancelled="",
    expired="",
)
