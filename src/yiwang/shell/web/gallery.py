"""The living gallery of components: what the other pages are made of, in every state."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from yiwang.algorithms.words import Words
from yiwang.kernel.records.demo_town import is_demo
from yiwang.shell.doors import Asked, signed_in

from .gallery_map import CELLS, POINTS

LAMPS = (
    ("ok", Words("正常", "On time")), ("warn", Words("紧", "Tight")),
    ("bad", Words("将超时", "About to be late")), ("idle", Words("未计时", "Not running")),
)
SEGMENTS = (
    (Words("网格员 4 分", "Grid worker 4 min"), 4, "1"),
    (Words("指挥室 18 分", "Command room 18 min"), 18, "2"),
    (Words("余 18 分", "18 min left"), 18, "left"),
)
CHART = {
    "kind": "bar", "x": "month", "y": ["n"],
    "rows": [{"month": f"2026-0{m}", "n": n} for m, n in enumerate((311, 268, 402, 377, 420), 1)],
}


class SampleForm(forms.Form):
    """A form in its states; nothing is sent anywhere."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["title"] = forms.CharField(
            label=str(Words("哪里、什么事", "Where and what")), max_length=60,
            help_text=str(Words("一句话，例：新浦菜场东门积水", "One sentence")))
        self.fields["phone"] = forms.CharField(
            label=str(Words("联系电话", "Telephone")), required=False, max_length=20)
        self.fields["agreed"] = forms.BooleanField(
            label=str(Words("愿意接受回访", "May be called back")), required=False)


@signed_in
def components(request: Asked) -> HttpResponse:
    """Every component, in the reader's language; only where the system is shown or made."""
    if not (settings.DEBUG or is_demo()):
        raise Http404
    now = timezone.now()
    wrong = SampleForm({"title": "", "phone": "0574"})
    wrong.errors["title"] = wrong.error_class(
        [str(Words("请写下什么事；一句话就够。", "Say what it is; one sentence will do."))])
    return render(request, "shell/components.html", {
        "lamps": LAMPS, "segments": SEGMENTS, "form": SampleForm(), "wrong": wrong,
        "moments": [now - timedelta(hours=h) for h in (0, 24, 24 * 9, 24 * 400)],
        "cells": CELLS, "points": POINTS, "chart": CHART,
    })
