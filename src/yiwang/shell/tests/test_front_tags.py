"""Tags of the look: escaped, measured, tied together for a screen reader."""

from django import forms
from django.template import Context, Template

from yiwang.algorithms.words import Words, reading_in


def render(source: str, **context: object) -> str:
    return Template("{% load front %}" + source).render(Context(context))


def test_a_lamp_escapes_its_word() -> None:
    assert render("{% lamp 'bad' word %}", word="<b>") == '<span class="chip bad">&lt;b&gt;</span>'


def test_the_segments_of_a_bar_share_its_whole_width() -> None:
    segments = [(Words("甲", "A"), 10, "1"), (Words("乙", "B"), 30, "2")]
    with reading_in("zh"):
        drawn = render("{% bar segments %}", segments=segments)
    assert 'x="25.00"' in drawn
    assert "乙" in drawn
    assert "style" not in drawn


def test_a_bar_of_nothing_is_drawn_empty() -> None:
    assert "<rect" not in render("{% bar segments %}", segments=[]).split("</svg>")[0]


def test_a_due_strip_never_passes_its_end() -> None:
    assert 'width="100.0"' in render("{% due 1.7 'bad' %}")
    assert 'width="0.0"' in render("{% due share %}", share=-1.0)


def test_no_moment_is_a_dash() -> None:
    assert render("{% when moment %}", moment=None) == "—"


def test_a_field_is_tied_to_its_hint_and_its_error() -> None:
    class Form(forms.Form):
        title = forms.CharField(label="何事", help_text="一句话")

    page = render("{% field form.title %}", form=Form({"title": ""}))
    assert 'aria-invalid="true"' in page
    assert "id_title-hint" in page
    assert "id_title-error" in page


def test_an_empty_state_has_a_next_step() -> None:
    page = render("{% nothing 'a' 'b' '/new' 'c' %}")
    assert 'href="/new"' in page
