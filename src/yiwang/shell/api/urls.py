"""Addresses of the API, under ``/api/v1/``: each behind the door that its scopes are."""

from django.urls import URLPattern, path
from ninja.operation import PathView
from ninja.utils import replace_path_param_notation

import yiwang.shell.converters  # noqa: F401  (registers ``rest``)

from . import docs, entry
from .instance import PREFIX, api
from .keyed import Bearer


def _addresses() -> list[URLPattern]:
    """One for each path, named as its first operation, with all its scopes on its door."""
    return [_address(route, view) for router in api._get_bound_routers()
            for route, view in router.path_operations.items()]


def _address(route: str, view: PathView) -> URLPattern:
    keys = [auth for one in view.operations for auth in one.auth_callbacks
            if isinstance(auth, Bearer)]
    scopes = dict.fromkeys(key.scope for key in keys if key.scope)
    door = f"key: {', '.join(scopes) or 'any'}"
    whole = PREFIX + replace_path_param_notation(route)
    return path(whole, entry.entered(view.get_view(), door), name=view.operations[0].url_name)


urlpatterns: list[URLPattern] = [
    path(f"{PREFIX}/openapi.json", docs.openapi, name="api-openapi"),
    path(f"{PREFIX}/docs", docs.reference, name="api-docs"),
    *_addresses(),
    path(f"{PREFIX}/<rest:rest>", entry.entered(entry.nothing_here, entry.NOTHING),
         name="api-nothing"),
]
