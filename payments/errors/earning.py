"""What payees and stewards ask that cannot be answered."""

from collective.core.errors import ConflictError, InvalidError, NotFoundError


class PayeeUnknownError(NotFoundError):
    code = "payee_not_found"
    text = "There is no such payee, or you may not decide how it is paid."


class CountryError(InvalidError):
    code = "country"
    text = "Write the country as two letters, as in SN or FR."


class DebtError(InvalidError):
    code = "debt_amount"
    text = "Only a debt can be written off, in whole or in part. This one is {owed}."


class WriteOffReusedError(ConflictError):
    code = "write_off_reused"
    text = "The reference {reference} belongs to another write-off."


class StatementNotFoundError(NotFoundError):
    code = "statement_not_found"
    text = "There is no statement with this number, or you may not see it."


class NobodySharesError(ConflictError):
    code = "nobody_shares"
    text = "Nobody would share it: no contribution is accepted yet, and the steward has no share."


class SimulatedPriceError(InvalidError):
    code = "simulated_price"
    text = "A price in {currency} is a multiple of {step} of its smallest units."
