"""``{% t "中文" "English" name=value %}``: a sentence in the reader's language, holes filled.

And ``{% url %}`` as Django has it, from addresses remembered (``shell/addresses.py``).
"""

from uuid import UUID

from django import template
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import URLNode, url
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from yiwang.algorithms.words import Words, reading_language
from yiwang.shell.addresses import address_of

register = template.Library()


@register.simple_tag
def t(zh: str, en: str, **values: object) -> SafeString:
    """Both languages stand in the template; values are escaped, the template's words are not."""
    if not values and "{" not in zh + en:
        return SafeString(zh if reading_language() == "zh" else en)
    escaped = {name: conditional_escape(str(value)) for name, value in values.items()}
    return mark_safe(Words(zh, en).said_with(**escaped))  # noqa: S308


class KnownAddress(URLNode):
    """``{% url %}`` whose arguments, if any, are ids of rows."""

    def render(self, context: Context) -> str:
        ids = [arg.resolve(context) for arg in self.args]
        if self.kwargs or not all(isinstance(id_, UUID) for id_ in ids):
            return str(super().render(context))
        try:
            found = address_of(self.view_name.resolve(context), *ids)
        except NoReverseMatch:
            if self.asvar is None:
                raise
            found = ""
        if not self.asvar:
            return conditional_escape(found)
        context[self.asvar] = found
        return ""


@register.tag("url")
def known_url(parser: Parser, token: Token) -> KnownAddress:
    """Django's own tag, read by Django's own parser."""
    node = url(parser, token)
    return KnownAddress(node.view_name, node.args, node.kwargs, node.asvar)
