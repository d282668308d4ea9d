"""Forms of the import pages: the columns' meaning, and where the file comes from."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.models import KindList
from yiwang.kernel.errors import Refusal
from yiwang.practices.events.importing.fields import FIELDS
from yiwang.practices.events.importing.sources import chosen_source
from yiwang.practices.events.kinds import NATIONAL, PRACTICE
from yiwang.practices.events.models import ImportSource

NEW = ""
ABOUT_NEW = ("name", "area", "kind_list")
NEEDED = Words("这里要填。", "This is needed.")
MALFORMED = Words("格式不对。", "This is not in the right form.")


class MappingForm(forms.Form):
    """A select for each column, and the source: one known before, or a new one."""

    use_required_attribute = False

    def __init__(
        self, data: Any = None, *, headers: Sequence[str], mapping: Mapping[str, str],
        sources: Iterable[ImportSource], source: str = NEW, area: str = "",
    ) -> None:
        super().__init__(data)
        self.headers = tuple(headers)
        known = [(one.code, one.code) for one in sources]
        lists = KindList.objects.filter(practice=PRACTICE).values_list("code", "name", "name_en")
        self.fields["source"] = forms.ChoiceField(
            label=Words("来自哪个系统", "Which system it is from"), required=False, initial=source,  # type: ignore[arg-type]
            choices=[*known, (NEW, Words("新的来源", "a new one"))],
        )
        self.fields["name"] = _text("新来源的名称", "Name of the new source", 20,
                                    Words("字母和数字，如 HOTLINE", "Letters and digits"))
        self.fields["area"] = _text("它的辖区", "Its area", 12, Words(
            "区划编码，如霞浦街道 330206005", "A unit's code, such as 330206005"), area)
        self.fields["kind_list"] = forms.ChoiceField(
            label=Words("它的类别表", "Its class list"), required=False, initial=NATIONAL,  # type: ignore[arg-type]
            choices=[(code, Words(zh, en or zh)) for code, zh, en in lists],
        )
        self.fields["as_open"] = forms.BooleanField(
            label=Words("当作待派的新案件，不带结果",  # type: ignore[arg-type]
                        "As cases still to be dispatched, without their outcome"),
            required=False,
        )
        self._say_needed()
        for place, header in enumerate(self.headers):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=header, required=False, initial=mapping.get(header, ""), choices=CHOICES)
        for field in self.fields.values():
            field.error_messages |= dict.fromkeys(("invalid_choice", "max_length"), MALFORMED)  # type: ignore[arg-type]
            field.error_messages["required"] = NEEDED  # type: ignore[assignment]

    def _say_needed(self) -> None:
        """A source is needed; its name and area where it is a new one."""
        new = self["source"].value() in (NEW, None)
        for name in ("source", *ABOUT_NEW):
            self.fields[name].required = name == "source" or new

    def full_clean(self) -> None:
        """A preview needs no source yet, and a source that is new is left empty."""
        given = ABOUT_NEW if "begin" in self.data else ()
        kept = {name: self.fields[name].required for name in ("source", *ABOUT_NEW)}
        for name in kept:
            self.fields[name].required = kept[name] and name in given
        super().full_clean()
        for name, required in kept.items():
            self.fields[name].required = required

    def columns(self) -> list[forms.BoundField]:
        """The selects of the columns, in the file's order."""
        return [self[f"column-{place}"] for place in range(len(self.headers))]

    def has_columns(self) -> bool:
        """Whether columns were sent and make sense, whatever else is still missing."""
        return self.is_bound and not any(name.startswith("column-") for name in self.errors)

    def mapping(self) -> dict[str, str]:
        """Column → field, as chosen."""
        return {
            header: field for place, header in enumerate(self.headers)
            if (field := self.cleaned_data[f"column-{place}"])
        }

    def chosen(self) -> ImportSource:
        """The source; a new one is not saved yet. Raises ``Refusal``."""
        given = self.cleaned_data
        if given["source"]:
            return chosen_source(given["source"], self.headers)
        return chosen_source(given["name"], (), area=given["area"], kind_list=given["kind_list"])

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal beside its field, or above the form."""
        place = {"source": "name", "prefix": "name"}.get(refusal.field, refusal.field)
        self.add_error(place if place in self.fields else None, str(refusal))


CHOICES = [
    ("", Words("（留在“其他”里）", "(kept among “other”)")),
    *((field.name, field.label) for field in FIELDS),
]


def _text(zh: str, en: str, most: int, hint: Words, initial: str = "") -> forms.CharField:
    return forms.CharField(
        label=Words(zh, en), help_text=hint, max_length=most, required=False, initial=initial,  # type: ignore[arg-type]
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
