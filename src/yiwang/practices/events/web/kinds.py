"""Pages of the classes and of how long each may take."""

from datetime import date

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate, now

from yiwang.algorithms.words import Words
from yiwang.algorithms.working_time import ClockKind
from yiwang.kernel.cases.models import Kind
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.rules import can_somewhere
from yiwang.practices.events.actions.change_limit import NewLimit, change_limit
from yiwang.practices.events.kinds import NATIONAL, PRACTICE
from yiwang.practices.events.queries import kind_limits
from yiwang.shell.doors import Asked, door

REQUIRED = Words("请填写。", "Please fill this in.")
MALFORMED = Words("格式不对。", "This is not in the right form.")
FAULTS = ("invalid", "invalid_choice", "max_length")


@door("case.view")
def kind_lists(request: Asked) -> HttpResponse:
    """The classes of one list under one class, each with its limits."""
    lists = kind_limits.kind_lists()
    chosen = next((one for one in lists if one.code == request.GET.get("list", NATIONAL)), None)
    above = request.GET.get("under", "").replace("\0", "")[:60]
    within = Kind.objects.filter(code=above, list=chosen).first() if above else None
    if (request.GET.get("list") and chosen is None) or (above and within is None):
        raise Http404
    return render(request, "events/kinds/list.html", {
        "lists": [(one.code, kind_limits.words_of(one)) for one in lists],
        "chosen": chosen, "above": above,
        "source": kind_limits.source_words(chosen.source) if chosen else "",
        "within": within and kind_limits.words_of(within),
        "up": above.rpartition(".")[0],
        "kinds": kind_limits.kinds_under(chosen.code, above, on=localdate()) if chosen else [],
        "may_edit": can_somewhere(request.actor, "playbook.edit"),
    })


class LimitForm(forms.Form):
    """A limit of a class under a condition, from a day on."""

    use_required_attribute = False
    condition = forms.CharField(
        label=Words("情形", "Condition"), max_length=40, required=False,  # type: ignore[arg-type]
        help_text=Words("如 正在搭建；空：未注明情形时", "Such as “being built”; empty: none"))  # type: ignore[arg-type]
    condition_en = forms.CharField(label=Words("情形（英文）", "Condition in English"),  # type: ignore[arg-type]
                                   max_length=80, required=False)
    clock = forms.ChoiceField(label=Words("时限单位", "Kind of clock"),  # type: ignore[arg-type]
                              choices=[(kind.value, kind.label) for kind in ClockKind])
    amount = forms.CharField(label=Words("多少", "How many"), max_length=8)  # type: ignore[arg-type]
    since = forms.DateField(
        label=Words("从哪一天起", "From which day"), input_formats=["%Y-%m-%d"],  # type: ignore[arg-type]
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    source = forms.CharField(label=Words("依据的文件", "Document that sets it"), max_length=200)  # type: ignore[arg-type]

    def __init__(self, data: object = None, **kwargs: object) -> None:
        super().__init__(data, **kwargs)  # type: ignore[arg-type]
        for field in self.fields.values():
            field.error_messages["required"] = REQUIRED  # type: ignore[assignment]
            field.error_messages |= dict.fromkeys(FAULTS, MALFORMED)  # type: ignore[arg-type]

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal beside its field, or above the form."""
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))


@door("playbook.edit")
def limit_change(request: Asked) -> HttpResponse:
    """Set a limit of one class as a new version."""
    kind = get_object_or_404(Kind, code=request.GET.get("kind", "").replace("\0", "")[:60],
                             list__practice=PRACTICE)
    form = LimitForm(request.POST or None, initial=_present(kind, request.GET.get("condition", "")))
    if request.method == "POST" and form.is_valid():
        try:
            change_limit(NewLimit(kind=kind.code, **form.cleaned_data), by=request.actor, at=now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, str(Words("时限已改，从生效日起用于新案件。",
                                                "Changed: it holds for new cases from that day.")))
            return redirect(_address(kind))
    return render(request, "events/kinds/limit.html", {
        "form": form, "kind": kind, "name": kind_limits.words_of(kind), "back": _address(kind),
    }, status=422 if form.errors else 200)


def _present(kind: Kind, condition: str) -> dict[str, str | date]:
    """What the form begins with: the condition asked about, from today."""
    return {"condition": condition[:40], "since": localdate(),
            "clock": ClockKind.WORKING_DAYS.value}


def _address(kind: Kind) -> str:
    above = kind.code.rpartition(".")[0]
    query = {"list": kind.list_id, **({"under": above} if above else {})}
    return f"{reverse('kinds')}?{urlencode(query)}"
