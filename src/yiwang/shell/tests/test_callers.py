"""Where a request came from: a caller cannot choose it."""

from typing import Any

import pytest
from django.test import RequestFactory

from yiwang.shell.callers import caller_address


@pytest.mark.parametrize(("https", "header", "address"), [
    (False, "", "10.0.0.1"), (False, "1.2.3.4", "10.0.0.1"),
    (True, "", "10.0.0.1"), (True, "1.2.3.4", "1.2.3.4"), (True, "9.9.9.9, 1.2.3.4", "1.2.3.4"),
])
def test_only_what_the_proxy_adds_counts(
    rf: RequestFactory, settings: Any, https: bool, header: str, address: str
) -> None:
    settings.SECURE_SSL_REDIRECT = https
    headers = {"X-Forwarded-For": header} if header else {}
    assert caller_address(rf.get("/", headers=headers, REMOTE_ADDR="10.0.0.1")) == address
