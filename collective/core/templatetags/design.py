"""The small tags that the components need: icons, states, slots, sizes, languages, Markdown."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django import template
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from collective.core.web.languages import Language, language_of
from collective.core.web.markdown import markdown_to_html
from collective.core.web.panels import render_slot
from collective.core.web.sizes import bytes_text, count_text
from collective.core.web.status import status_of

register = template.Library()
LONG_TEXT = 60
NOTICE_TONES = {"error": "loss", "loss": "loss", "danger": "loss", "warning": "attention", "attention": "attention"}

register.filter(bytes_text)
register.filter(count_text)
register.filter("markdown", markdown_to_html)


@register.simple_tag
def icon(name: str, css_class: str = "") -> SafeString:
    """A symbol of `static/img/icons.svg`; decoration only, so the text beside it must say the same."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"/></svg>', css_class, static("img/icons.svg"), name
    )


@register.simple_tag(takes_context=True)
def nav_link(context: template.Context, url: str, label: str) -> SafeString:
    request = context.get("request")
    here = request is not None and request.path.startswith(url)
    html = '<a href="{}" aria-current="page">{}</a>' if here else '<a href="{}">{}</a>'
    return format_html(html, url, label)


@register.simple_tag(takes_context=True)
def theme_attribute(context: template.Context) -> str:
    """` data-theme="dark"` when this person chose a theme; nothing leaves it to the device."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme") if request is not None else None
    return format_html(' data-theme="{}"', chosen) if chosen in {"light", "dark"} else ""


@register.simple_tag
def crumbs(*labels_and_urls: str) -> list[tuple[str, str]]:
    """`{% crumbs "Catalog" "/catalog/" title as trail %}`: label, url, label, url, …, last label."""
    padded = [*labels_and_urls, ""] if len(labels_and_urls) % 2 else labels_and_urls
    return list(zip(padded[::2], padded[1::2], strict=True))


@register.simple_tag
def notice_tone(tone: str) -> str:
    return NOTICE_TONES.get(tone, "info")


@register.inclusion_tag("components/status_chip.html")
def status(entity: str, state: str) -> dict[str, object]:
    """The chip of a state: `{% status "contribution" contribution.state %}`."""
    shown = status_of(entity, state)
    return {"word": shown.word, "tone": shown.tone, "meaning": shown.meaning}


@register.simple_tag(takes_context=True)
def panels(context: template.Context, name: str, **objects: object) -> SafeString:
    """What other apps draw in a slot; see `collective/core/web/panels.py`."""
    return format_html_join("", "{}", ((html,) for html in render_slot(name, context["request"], **objects)))


@register.simple_tag
def language(tag: str) -> Language:
    return language_of(tag)


@register.filter
def day_text(moment: datetime) -> str:
    """22 November 2026."""
    return formats.date_format(timezone.localtime(moment), "j F Y")


@register.filter
def first_of(items: Sequence[Any], limit: int | str) -> Sequence[Any]:
    return items[: int(limit)]


@register.filter
def left_over(items: Sequence[Any], limit: int) -> int:
    return max(len(items) - int(limit), 0)


@register.filter
def is_long(value: object) -> bool:
    return len(str(value)) > LONG_TEXT


@register.filter
def unlocalized(value: object) -> str:
    """A number as machines read it, without separators."""
    return str(value)


@register.filter
def as_list(value: object) -> list[object]:
    """One thing where a component takes several."""
    return [value]


@register.filter
def zip_columns(row: Iterable[Any], columns: Iterable[Any]) -> list[tuple[Any, Any]]:
    return list(zip(columns, row, strict=True))
