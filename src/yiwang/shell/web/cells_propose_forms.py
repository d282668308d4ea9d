"""Forms of proposals: what to divide and how, and from when it holds."""

from django import forms

from yiwang.algorithms.words import Words
from yiwang.kernel.places.importing.preview import DATUM_NAMES
from yiwang.kernel.places.proposals.actions import Wanted
from yiwang.kernel.places.proposals.rules import BOUNDS

from .people_forms import PlainForm, choice, day

MOST_PARTS = 999  # codes below a grid
MOST_SEED = 2**31 - 1  # what METIS takes
ONE_OF_TWO = Words("片数和每片户数填一个。", "Give either the parts or the households of one.")
POINTS = Words(
    "CSV 或 GeoJSON，一行一个地址点：经度、纬度、户数。只留每个点的户数，方案采用或删掉时一并删去",
    "CSV or GeoJSON, a row an address point: longitude, latitude, households. Only the number at "
    "each point is kept, until the proposal is adopted or thrown away")


def _number(zh: str, en: str, least: int, most: float, hint: Words | None = None, *,
            required: bool = True) -> forms.IntegerField:
    return forms.IntegerField(label=Words(zh, en), min_value=least, max_value=int(most),  # type: ignore[arg-type]
                              help_text=hint or "", required=required)  # type: ignore[arg-type]


class ProposeForm(PlainForm):
    """Address points, and how they are to be divided."""

    file = forms.FileField(
        label=Words("地址点", "Address points"), help_text=POINTS,  # type: ignore[arg-type]
        widget=forms.FileInput(attrs={"accept": ".csv,.json,.geojson,text/csv"}))
    datum = choice("坐标系", "Coordinate system")
    parts = _number("分成几片", "How many parts", 1, MOST_PARTS, required=False)
    each = _number("或每片约几户", "Or about how many households each", 1, 100_000, required=False)
    seconds = _number("最多算几秒", "Seconds of search, at most", 1, BOUNDS.seconds)
    seed = _number("种子", "Seed", 0, MOST_SEED, Words(
        "同样的点和种子，没到时限就得同样的方案；换一个数得另一个",
        "The same points and seed give the same proposal, unless time runs out; another number "
        "gives another"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["datum"].choices = DATUM_NAMES  # type: ignore[attr-defined]

    def clean(self) -> dict[str, object]:
        """One of the two ways to say how many."""
        data = super().clean() or {}
        both_good = not {"parts", "each"} & set(self.errors)
        if both_good and (data.get("parts") is None) == (data.get("each") is None):
            self.add_error("parts", str(ONE_OF_TWO))
        return data

    def wanted(self) -> Wanted:
        """What was asked for."""
        data = self.cleaned_data
        return Wanted(data["parts"], data["each"], data["seed"], float(data["seconds"]))


class SeenForm(forms.Form):
    """The version of the proposal that the person looked at."""

    version = forms.IntegerField(min_value=1)


class MoveForm(SeenForm):
    """A spot, and the part it is to be in; both counted from 0."""

    spot = forms.IntegerField(min_value=0)
    there = forms.IntegerField(min_value=0)


class AdoptForm(PlainForm):
    """From when the parts are the grid's micro-grids."""

    since = day("从哪天起", "From", Words("今天或以后；今天的微网格到前一天为止",
                                          "Today or later; today's micro-grids end the day before"))
    sure = forms.BooleanField(label=Words(  # type: ignore[arg-type]
        "我看过和现状的对比，采用这个方案", "I have seen the comparison with today; adopt it"))
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
