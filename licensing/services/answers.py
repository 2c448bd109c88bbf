"""What somebody answers, and whether it can be answered so."""

from collections.abc import Mapping
from dataclasses import dataclass

from licensing.domain.actions import VOICE_AND_FACE
from licensing.errors import AnswersWrongError
from licensing.models import ConsentNotice


@dataclass(frozen=True)
class Answers:
    """`uses`: code → yes or no; one that is not named is a no. `notice_sha256` is of the text that was shown."""

    notice_sha256: str
    uses: Mapping[str, bool]
    commercial: bool = False
    exclusive: bool = False
    territory: tuple[str, ...] = ("*",)


def check_answers(answers: Answers, notice: ConsentNotice, *, minor: bool) -> None:
    """Raises AnswersWrongError. For a minor nobody may bind them to one buyer, nor allow uses of voice or face."""
    voice_and_face = minor and any(answers.uses.get(code) for code in VOICE_AND_FACE)
    found = {
        "answers": "There is an answer for a use that the text does not ask about."
        if not set(answers.uses) <= set(notice.asked)
        else "Uses of a minor's voice or face cannot be allowed."
        if voice_and_face
        else "",
        "exclusive": "Nobody may bind a minor to one buyer." if minor and answers.exclusive else "",
        "territory": "" if answers.territory else "Name a country, or * for all.",
    }
    if wrong := {name: [problem] for name, problem in found.items() if problem}:
        raise AnswersWrongError(fields=wrong)
