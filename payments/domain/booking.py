"""Where a payee's share goes: what is owed comes first, and nothing of theirs becomes negative in silence."""


def book_leg(amount: int, *, held: int, due: int, owed: int) -> dict[str, int]:
    """How `amount` moves a payee's accounts, given their balances (`owed`, an asset, is zero or negative).

    A credit repays debt first and holds the rest. A debit takes from what is held, then from what is payable, and
    books the remainder as a debt that later earnings repay. The parts sum to `amount`; zero parts are left out.
    """
    if amount >= 0:
        repaid = min(amount, -owed)
        parts = {"owed": repaid, "held": amount - repaid}
    else:
        from_held = min(-amount, held)
        from_due = min(-amount - from_held, due)
        parts = {"held": -from_held, "due": -from_due, "owed": amount + from_held + from_due}
    return {part: moved for part, moved in parts.items() if moved}
