"""What can be wrong with sources that are to be combined, or that data was made from."""

from collective.core.errors import ConflictError, DeniedError, InvalidError


class SourceUnknownError(InvalidError):
    code = "source_unknown"
    text = "There is no license and no dataset “{source}”, or you may not see it."


class SourceNotOfferedError(InvalidError):
    code = "source_not_offered"
    text = "{source} is not offered at this time, and you do not hold a license for it."


class SourceUnclearError(InvalidError):
    code = "source_unclear"

    def __init__(self, *, source: str, choices: list[str]) -> None:
        text = f"There is more than one license for {source}. Name the one you mean: {', '.join(choices)}."
        super().__init__(text, source=source, choices=choices)


class TooManySourcesError(InvalidError):
    code = "too_many_sources"
    text = "At most {most} licenses and datasets can be compared at once."


class DerivationSourceError(InvalidError):
    code = "derivation_source"
    text = "“{source}” is not a published version that you can see. Write it as organization/dataset 1.0.0."


class DerivationNotAllowedError(DeniedError):
    code = "derivation_not_allowed"
    text = "You may not make new data from {source}: no license that you hold for it allows that."


class DerivationRefusedError(ConflictError):
    """The license that was declared cannot carry what the sources ask for. `possible` lists those that can."""

    code = "derivation_refused"

    def __init__(self, *, license_id: str, reasons: list[dict[str, str]], possible: list[str]) -> None:
        why = " ".join(f"{each['source']}: {each['reason']}" for each in reasons)
        ways = f"Possible licenses: {', '.join(possible)}." if possible else "No license that we know is possible."
        super().__init__(
            f"Data made from these sources cannot carry {license_id}. {why} {ways}",
            license=license_id,
            reasons=reasons,
            possible=possible,
        )
