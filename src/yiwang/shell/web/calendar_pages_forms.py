"""Forms of the calendar page: a year's announcement, one day, and the try-out box."""

import math
from datetime import datetime
from typing import Any

from django import forms

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import ZONE, ClockKind, Deadline, TermError, due
from yiwang.kernel.cases.calendar import calendar_now
from yiwang.kernel.errors import Refusal

from .people_forms import MALFORMED, PlainForm, choice, day, text

MOST_BYTES = 200_000  # of a year file, as algorithms/working_time/year_file.py
SHAPES = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d")
DOES = (
    ("off", Words("休息", "a day of rest")),
    ("on", Words("上班", "a workday")),
    ("plain", Words("按星期几，照常", "as its weekday says")),
)


class YearFileForm(PlainForm):
    """An announcement, pasted or uploaded."""

    file = forms.FileField(required=False, label=Words("上传文件", "Upload a file"))  # type: ignore[arg-type]
    text = forms.CharField(
        required=False, strip=False, label=Words("或粘贴在这里", "Or paste it here"),  # type: ignore[arg-type]
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "class": "code"}),
        help_text=Words(  # type: ignore[arg-type]
            "holiday-cn 格式的 JSON：year、papers、days（name、date、isOffDay）",
            "JSON as holiday-cn has it: year, papers, days (name, date, isOffDay)"))

    def content(self) -> str:
        """What was sent; the file where there is one."""
        sent = self.cleaned_data.get("file")
        if sent is None:
            return str(self.cleaned_data["text"])
        if sent.size > MOST_BYTES:
            raise Refusal("file_large", Words("文件太大。", "The file is too large."), field="file")
        try:
            return str(sent.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise Refusal("file_text", Words("不是 UTF-8 文本。", "It is not UTF-8 text."),
                          field="file") from None


class DayForm(PlainForm):
    """One day, set by hand."""

    day = day("哪一天", "Which day")
    does = choice("这天", "It is", choices=list(DOES))
    name = text("名称", "Name", 40, Words("如“三月三”“台风停工”", "Such as a local festival"),
                required=False)
    name_en = text("英文名称", "English name", 60, required=False)
    source = text("依据", "What it rests on", 180)

    def works(self) -> bool | None:
        """Whether people work; None: as the weekday says."""
        return {"off": False, "on": True}.get(self.cleaned_data["does"])


class TryForm(PlainForm):
    """Kind of clock, start, amount."""

    kind = choice("时限单位", "Kind of clock", choices=[(k.value, k.label) for k in ClockKind])
    since = forms.CharField(
        label=Words("从何时", "From"), max_length=30,  # type: ignore[arg-type]
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    amount = forms.CharField(
        label=Words("多少", "How many"), max_length=12,  # type: ignore[arg-type]
        widget=forms.TextInput(attrs={"inputmode": "decimal"}))

    def clean_since(self) -> datetime:
        """A local time of this country."""
        for shape in SHAPES:
            try:
                return datetime.strptime(self.cleaned_data["since"].strip(), shape).replace(
                    tzinfo=ZONE)
            except ValueError:
                continue
        raise forms.ValidationError(str(MALFORMED))

    def clean_amount(self) -> float:
        """A number."""
        try:
            amount = float(self.cleaned_data["amount"])
        except ValueError:
            raise forms.ValidationError(str(MALFORMED)) from None
        if not math.isfinite(amount):
            raise forms.ValidationError(str(MALFORMED))
        return amount

    def counted(self) -> Deadline | None:
        """The deadline by the calendar of now; what cannot be counted is said by its field."""
        if not self.is_valid():
            return None
        data: dict[str, Any] = self.cleaned_data
        try:
            return due(ClockKind(data["kind"]), data["since"], data["amount"], calendar_now())
        except TermError as wrong:
            field = {"start": "since"}.get(wrong.field, wrong.field)
            self.add_error(field if field in self.fields else None, str(wrong))
            return None
