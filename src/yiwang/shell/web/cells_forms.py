"""Forms of the cells pages. They check shapes; what the domain refuses lands by its field."""

from django import forms

from yiwang.algorithms.words import Words
from yiwang.kernel.places.actions import MOST_HOUSEHOLDS
from yiwang.kernel.places.importing.preview import ACCEPTED, DATUM_NAMES
from yiwang.kernel.places.rules import SNAP_M, SizeNorms

from .people_forms import PlainForm, choice, day, text

SINCE = Words("从这天起用新边界；之前的边界保留",
              "The boundary counts from this day; the old one is kept")
BOUNDARY = Words(
    "一行一个点：经度, 纬度（WGS-84）。空行开始一个洞，--- 开始另一块。",
    "One point a line: longitude, latitude (WGS-84). An empty line begins a hole, --- another "
    "part.",
)
SNAP = Words("{m} 米内贴到相邻边界", "Move points within {m} m onto the neighbours").filled(
    m=f"{SNAP_M:g}")
PAIR = Words("至少要大于 0，且不多于至多。", "At least 1, and not more than at most.")
SEEN = Words("我看过上面的问题，仍要保存", "I have seen these problems; save it all the same")
CODE = Words("村社代码 12 位 + 网格 3 位（+ 微网格 3 位）",
             "The village's 12 digits + 3 for the grid (+ 3 for the micro-grid)")


def _number(zh: str, en: str, **more: object) -> forms.IntegerField:
    return forms.IntegerField(
        label=Words(zh, en), min_value=0, max_value=MOST_HOUSEHOLDS, **more)  # type: ignore[arg-type]


def _tick(words: Words) -> forms.BooleanField:
    return forms.BooleanField(label=words, required=False)  # type: ignore[arg-type]


class HouseholdsForm(PlainForm):
    """A count and its day."""

    households = _number("户数", "Households")
    as_of = day("统计日", "Counted on")


class NormsForm(PlainForm):
    """How many households a cell should hold, from a day on."""

    grid_least = _number("网格至少", "Grid, at least")
    grid_most = _number("网格至多", "Grid, at most")
    mixed_least = _number("混合社区网格至少", "Grid of a mixed community, at least")
    mixed_most = _number("混合社区网格至多", "Grid of a mixed community, at most")
    large_village = _number("多少户以上算大的社区", "A large community has from")
    micro_least = _number("微网格至少", "Micro-grid, at least")
    micro_most = _number("微网格至多", "Micro-grid, at most")
    since = day("从哪天起", "From", Words("今天或以后", "Today or later"))
    source = text("依据", "What it rests on", 200, Words("文件或会议", "A paper or a meeting"))

    def clean(self) -> dict[str, object]:
        """A pair is at least one, and not more at least than at most."""
        data = super().clean() or {}
        for name in ("grid", "mixed", "micro"):
            least, most = data.get(f"{name}_least"), data.get(f"{name}_most")
            if least is not None and most is not None and not 0 < least <= most:
                self.add_error(f"{name}_most", str(PAIR))
        return data

    def norms(self) -> SizeNorms:
        """The norms that were typed."""
        data = self.cleaned_data
        grid, mixed, micro = ((data[f"{name}_least"], data[f"{name}_most"])
                              for name in ("grid", "mixed", "micro"))
        return SizeNorms(grid, mixed, micro, data["large_village"], data["source"])


class ShapeForm(PlainForm):
    """A boundary from a day on. ``replaces`` is the version the person saw."""

    boundary = forms.CharField(
        label=Words("边界坐标", "Boundary points"), help_text=BOUNDARY, max_length=1_500_000,  # type: ignore[arg-type]
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "points"}))
    since = day("生效日", "Counts from", SINCE)
    snap = _tick(SNAP)
    seen = _tick(SEEN)
    replaces = forms.UUIDField(required=False, widget=forms.HiddenInput)


class NewCellForm(ShapeForm):
    """A cell to be drawn."""

    code = text("编码", "Code", 24, CODE)
    name = text("名称", "Name", 80)
    households = _number("户数", "Households", required=False)
    field_order = ("code", "name", "households", "since", "boundary")


class ImportForm(PlainForm):
    """A file of cells."""

    file = forms.FileField(
        label=Words("文件", "File"),  # type: ignore[arg-type]
        help_text=Words("GeoJSON、Shapefile（zip）或 XLSX，20 MB 以内",
                        "GeoJSON, zipped shapefile or XLSX, up to 20 MB"),  # type: ignore[arg-type]
        widget=forms.FileInput(attrs={"accept": ACCEPTED}))
    datum = choice("坐标系", "Coordinate system", Words(
        "文件里的坐标是哪种；选错会偏几百米", "What the file's coordinates are; a wrong choice "
        "shifts cells by some hundred metres"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["datum"].choices = DATUM_NAMES  # type: ignore[attr-defined]


class ConfirmForm(PlainForm):
    """What the person decides after the preview."""

    since = day("生效日", "Counts from", SINCE)
    only_good = _tick(Words("只导入没有问题的行", "Import only the good rows"))


class AddressesForm(PlainForm):
    """Household address points to check coverage with; read, counted, forgotten."""

    file = forms.FileField(
        label=Words("住户地址点（CSV）", "Household address points (CSV)"),  # type: ignore[arg-type]
        help_text=Words("前两列：经度、纬度（WGS-84）。只用来核对，不保存",
                        "First two columns: longitude, latitude (WGS-84). Checked, not kept"),  # type: ignore[arg-type]
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}))
