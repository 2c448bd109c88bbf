"""Terms in plain words: You may, You must, You may not. Generated, so that the words and the rule cannot differ."""

from dataclasses import dataclass

from licensing.domain.actions import PHRASES, PROHIBITED_USES
from licensing.domain.terms import ANYBODY, PERMIT, PROHIBIT, Terms

LICENSEE_TYPES = {
    "individual": "people",
    "academic": "universities and schools",
    "nonprofit": "non-profit organizations",
    "sme": "small and medium companies",
    "enterprise": "large companies",
    "public": "public bodies",
}
DAYS = {"P30D": "30 days"}


@dataclass(frozen=True)
class PlainWords:
    """Each sentence completes its heading."""

    may: tuple[str, ...]
    must: tuple[str, ...]
    may_not: tuple[str, ...]
    only_for: str = ""


def plain_words(terms: Terms) -> PlainWords:
    return PlainWords(tuple(_may(terms)), tuple(_must(terms)), tuple(_may_not(terms)), _only_for(terms))


def _may(terms: Terms) -> list[str]:
    words = [PHRASES[code] for code in terms.permitted]
    return [*words, "use it commercially"] if terms.commercial == PERMIT else words


def _must(terms: Terms) -> list[str]:
    words = []
    if terms.attribute:
        words.append("name the source")
    if terms.include_text:
        words.append("keep the license text with the data")
    if terms.share_alike:
        words.append("pass changed data on under the same license")
    if terms.share_alike_reaches_model:
        words.append("check whether a model you publish falls under the same license")
    if terms.delete_on_withdrawal:
        within = DAYS.get(terms.delete_on_withdrawal, terms.delete_on_withdrawal)
        words.append(f"delete your copies of withdrawn data within {within}")
    if terms.purposes == ("research",):
        words.append("use it for research only")
    return words


def _may_not(terms: Terms) -> list[str]:
    words = [PHRASES[code] for code in terms.prohibited]
    if terms.commercial == PROHIBIT:
        words.append("use it commercially")
    return words + [PROHIBITED_USES[code] for code in terms.prohibited_uses]


def _only_for(terms: Terms) -> str:
    if ANYBODY in terms.licensee_types or not terms.licensee_types:
        return ""
    return " and ".join(LICENSEE_TYPES[kind] for kind in terms.licensee_types)
