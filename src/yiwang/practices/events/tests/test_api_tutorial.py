"""The commands of docs/api.md, sent as they stand there, each with what the one before it told."""

import json
import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from yiwang.kernel.cases.models import Case
from yiwang.kernel.cases.tests.town import TOWN

from .api_ground import caller, ground

TUTORIAL = Path(__file__).resolve().parents[5] / "docs" / "api.md"


def sent(command: str, told: dict[str, str]) -> Any:
    """What the command answers; holes and the key filled with ``told``."""
    for name, value in told.items():
        command = command.replace(name, value)
    words = shlex.split(command)
    options = [(words[place], words[place + 1]) for place in range(1, len(words) - 1)]
    address = urlsplit(next(word for word in words if word.startswith("http")))
    headers = dict(value.split(": ", 1) for flag, value in options if flag == "-H")
    body = next((value for flag, value in options if flag == "-d"), "")
    method = next((value for flag, value in options if flag == "-X"), "GET")
    answer = Client().generic(method, f"{address.path}?{address.query}", body, headers=headers,
                              content_type=headers.get("Content-Type", "text/plain"))
    assert answer.status_code < 300, answer.content.decode()
    return json.loads(answer.content)


@pytest.mark.django_db
def test_the_tutorial_does_what_it_says(actor: Callable[..., Any]) -> None:
    ground(actor)
    told = {"yw_…": caller("desk").secret}
    me, listed, report, offer, move = re.findall(
        r"```sh\n(.*?)```", TUTORIAL.read_text("utf-8"), re.DOTALL)
    assert sent(me, told)["acts_as"] == "desk 某"
    assert sent(listed, told)["items"] == []
    case = sent(report, told)
    assert case["area"]["id"] == f"{TOWN}221001"
    told |= {"{id}": case["id"], "{version}": str(case["version"])}
    offered = sent(offer, told)
    told["{team}"] = offered["teams"][0]["id"]
    assert sent(move, told)["state"]["id"] == "assigned"
    assert sent(report, told) == case
    assert Case.objects.count() == 1
