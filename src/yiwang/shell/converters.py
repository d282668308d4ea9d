"""Parts of addresses that Django has no converter for."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class RestConverter(StringConverter):
    """Whatever follows, line breaks too: ``path`` stops at them, and the answer is a page's."""

    regex = "(?s:.*)"


register_converter(RestConverter, "rest")
