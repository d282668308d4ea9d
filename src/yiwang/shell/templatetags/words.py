"""``{% t "中文" "English" name=value %}``: a sentence in the reader's language, holes filled."""

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from yiwang.algorithms.words import Words

register = template.Library()


@register.simple_tag
def t(zh: str, en: str, **values: object) -> SafeString:
    """Both languages stand in the template; values are escaped, the template's words are not."""
    escaped = {
        name: Words(conditional_escape(value.zh), conditional_escape(value.en))
        if isinstance(value, Words)
        else conditional_escape(str(value))
        for name, value in values.items()
    }
    return mark_safe(str(Words(zh, en).filled(**escaped)))  # noqa: S308
