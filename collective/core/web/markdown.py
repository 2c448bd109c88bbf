"""Markdown written by users, as safe HTML: no raw HTML, no images, no scripts, links marked as foreign."""

import nh3
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

# A page has one h1, its title; a card's headings begin below the section's h2.
_DEEPER = {"h1": "h3", "h2": "h3", "h3": "h4", "h4": "h5", "h5": "h6", "h6": "h6"}
_TAGS = {
    "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "a", "strong", "em", "s", "code", "pre", "blockquote", "hr", "br",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_PARSER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")


# Open brackets make the parser look for their ends again and again: 100,000 of them take three seconds (measured).
LENGTH_MAX, BRACKETS_MAX = 100_000, 2_000


def markdown_to_html(text: str) -> SafeString:
    """What is longer, or has more brackets, than any card is shown as it was written."""
    if len(text) > LENGTH_MAX or text.count("[") > BRACKETS_MAX:
        return format_html("<pre>{}</pre>", text)
    tokens = _PARSER.parse(text)
    for token in tokens:
        token.tag = _DEEPER.get(token.tag, token.tag)
    for token in tokens:
        if token.nesting >= 0 and token.block and token.tag in {"p", "ul", "ol", "blockquote", "table", "h3", "h4"}:
            token.attrSet("dir", "auto")
    html = _PARSER.renderer.render(tokens, _PARSER.options, {})
    cleaned = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"*": {"dir"}, "a": {"href"}, "ol": {"start"}},
        link_rel="nofollow noopener noreferrer",
        url_schemes={"https", "mailto"},
        url_relative="deny",  # `//elsewhere` is relative too
    )
    return mark_safe(cleaned)  # noqa: S308 - cleaned on the line above
