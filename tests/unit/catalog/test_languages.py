"""Language tags: the shapes of BCP 47, in canonical capitals."""

import pytest

from collective.catalog.domain.languages import canonical_tag, is_language_tag


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("sw", "sw"),
        ("PT-br", "pt-BR"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("es-419", "es-419"),
        ("yue", "yue"),
        ("ZH-YUE", "zh-yue"),
        ("de-1996", "de-1996"),
        ("sl-Rozaj-BISKE", "sl-rozaj-biske"),
        ("mis-x-Kiunguja", "mis-x-kiunguja"),
    ],
)
def test_tags(given: str, canonical: str) -> None:
    assert is_language_tag(given)
    assert canonical_tag(given) == canonical


@pytest.mark.parametrize("text", ["", "english", "e", "en_US", "sw-", "-sw", "sw-toolongsubtag", "sw\n", "شا"])
def test_other_texts_are_refused(text: str) -> None:
    assert not is_language_tag(text)
