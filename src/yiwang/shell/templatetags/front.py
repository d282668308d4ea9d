"""Tags of the look: lamps, bars, times said shortly, marks. Shown in use at /components."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache

from django import template
from django.forms import BoundField, CheckboxInput
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from yiwang.algorithms.words import Words, reading_language
from yiwang.shell import says

register = template.Library()

MODULES = {
    "yiwang/map": "shell/map.js",
    "yiwang/map-gl": "shell/map_gl.js",
    "yiwang/map-svg": "shell/map_svg.js",
    "yiwang/map-parts": "shell/map_parts.js",
    "yiwang/chart": "shell/chart.js",
    "yiwang/live": "shell/live.js",
    "yiwang/keep": "shell/keep.js",
    "yiwang/keys": "shell/keys.js",
    "yiwang/words": "shell/words.js",
    "maplibre": "vendor/maplibre/maplibre-gl.mjs",
    "maplibre/worker": "vendor/maplibre/maplibre-gl-worker.mjs",
    "echarts": "vendor/echarts/echarts.esm.min.mjs",
}

SELECTED = mark_safe(" selected")
Segment = tuple[object, float, str]


@register.simple_tag
def lang() -> str:
    """The language tag of the page, for ``<html lang>``."""
    return "en" if reading_language() == "en" else "zh-Hans"


@register.simple_tag
@lru_cache(maxsize=1)
def import_map() -> SafeString:
    """Names of the ES modules and their (hashed) addresses, so that modules can import by name."""
    addresses = {name: static(path) for name, path in MODULES.items()}
    return mark_safe(json.dumps({"imports": addresses}))  # noqa: S308


@register.simple_tag
def lamp(kind: str, words: object) -> SafeString:
    """``ok ● warn ◆ bad ▲ idle ■`` and a word, as a chip."""
    return format_html('<span class="chip {}">{}</span>', kind, words)


@register.simple_tag
def illustrative() -> SafeString:
    """The mark 示意 for what is made up: boundaries, demo figures."""
    return format_html('<span class="mark" title="{}">{}</span>', says.MADE_UP, says.ILLUSTRATIVE)


@register.simple_tag
def bar(segments: Sequence[Segment], label: object = "") -> SafeString:
    """Who held it: a bar of (words, amount, tone) and its words; tones 1–4, left, ok, bad."""
    total = sum(amount for _, amount, _ in segments) or 1.0
    rects, x = [], 0.0
    for _, amount, tone in segments:
        width = 100 * amount / total
        rects.append((tone, f"{x:.2f}", f"{max(width - 0.4, 0):.2f}"))
        x += width
    drawn = format_html_join("", '<rect class="t-{}" x="{}" width="{}" height="10"/>', rects)
    legend = format_html_join(
        "",
        '<li><svg viewBox="0 0 10 10" aria-hidden="true">'
        '<rect class="t-{}" width="10" height="10"/></svg>{}</li>',
        ((tone, words) for words, _, tone in segments),
    )
    return format_html(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" '
        'aria-label="{}">{}</svg><ul class="bar-words">{}</ul>',
        label or says.WHO_HOLDS, drawn, legend,
    )


@register.simple_tag
def due(share: float, kind: str = "ok") -> SafeString:
    """How much of the time allowed is used (0 to 1), as a strip; the chip beside it says it."""
    return format_html(
        '<svg class="due" viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="t-{}" width="{}" height="3"/></svg>',
        kind, f"{100 * min(max(share, 0.0), 1.0):.1f}",
    )


@register.simple_tag
def when(moment: datetime | None) -> SafeString:
    """A moment, as short as it can be said today; the full time stands in the tooltip."""
    if moment is None:
        return SafeString("—")
    local = timezone.localtime(moment)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"), f"{local:%Y-%m-%d %H:%M}",
        says.moment(local, now=timezone.localtime()),
    )


@register.simple_tag
def options(choices: Iterable[tuple[object, object]], chosen: object = "") -> SafeString:
    """The options of a select as (value, words), the chosen one marked."""
    wanted = "" if chosen is None else str(chosen)
    return format_html_join(
        "", '<option value="{}"{}>{}</option>',
        ((value, SELECTED if str(value) == wanted else "", words) for value, words in choices))


@register.simple_tag
def lasting(minutes: float) -> Words:
    """A length of time in minutes, as people say it."""
    return says.lasting(minutes)


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """A form's field: label, hint, control, error, tied together for a screen reader."""
    described = [f"{bound.id_for_label}-hint"] if bound.help_text else []
    attrs: dict[str, str | bool] = {}
    if bound.errors:
        described.append(f"{bound.id_for_label}-error")
        attrs["aria-invalid"] = "true"
    if described:
        attrs["aria-describedby"] = " ".join(described)
    tick = isinstance(bound.field.widget, CheckboxInput)
    template_name = "shell/parts/choice.html" if tick else "shell/parts/field.html"
    shown = bound.as_widget(attrs=attrs)
    return render_to_string(template_name, {"field": bound, "widget": shown})


@register.inclusion_tag("shell/parts/empty.html")
def nothing(
    title: object, todo: object = "", url: str = "", label: object = ""
) -> dict[str, object]:
    """An empty state: what is not there, the next step, and the door to it."""
    return {"title": title, "todo": todo, "url": url, "label": label}


@register.inclusion_tag("shell/parts/pager.html")
def pager(
    previous_url: str = "", next_url: str = "", start_url: str = ""
) -> dict[str, object]:
    """Forth and back in a keyset-paged list; ``start_url`` where back means to its start."""
    return {"previous_url": previous_url, "next_url": next_url, "start_url": start_url}
