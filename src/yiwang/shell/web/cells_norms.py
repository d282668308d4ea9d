"""The sizes a town measures its cells against: read on the report, changed here from a day on."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.cache import never_cache

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.places.norms import norms_on, set_norms
from yiwang.kernel.places.rules import SizeNorms
from yiwang.shell.doors import Asked, door

from .cells_forms import NormsForm


@never_cache
@door("cells.edit")
def norms(request: Asked) -> HttpResponse:
    """How many households a grid, a mixed grid and a micro-grid should hold."""
    form = NormsForm(request.POST or None, initial=_present(norms_on(localdate())))
    if request.method == "POST" and form.is_valid():
        try:
            set_norms(form.norms(), form.cleaned_data["since"], by=request.actor, at=now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, str(Words("已改，从所写的日期起生效。",
                                                "Changed; it holds from that day.")))
            return redirect("cells-report")
    return render(request, "shell/cells/norms.html", {"form": form},
                  status=422 if form.errors else 200)


def _present(held: SizeNorms) -> dict[str, object]:
    pairs = {"grid": held.grid, "mixed": held.mixed_grid, "micro": held.micro}
    bounds = {f"{name}_{end}": pair[place] for name, pair in pairs.items()
              for place, end in enumerate(("least", "most"))}
    return {**bounds, "large_village": held.large_village, "since": localdate()}
