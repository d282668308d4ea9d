"""Forms of the people pages. They check shapes; what the domain refuses lands by its field."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.functional import lazystr

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal
from yiwang.kernel.people.models import Team
from yiwang.kernel.people.rules import ROLES
from yiwang.kernel.practice import practices

KINDS: dict[str, Words] = {
    "room": Words("指挥室", "command room"),
    "office": Words("科室", "office"),
    "task_force": Words("专班", "task force"),
    "committee": Words("村（社）委会", "village or community committee"),
    "brigade": Words("队伍", "brigade"),
    "county": Words("县区部门", "county bureau"),
    "other": Words("其他", "other"),
}

MALFORMED = lazystr(Words("格式不对。", "This is not in the right form."))
SAID: dict[str, Any] = {
    "required": lazystr(Words("请填写。", "Please fill this in.")),
    "invalid": MALFORMED,
    "invalid_choice": MALFORMED,
}
UNIT_HINT = Words(
    "区划编码，如霞浦街道 330206005", "The unit's code, such as 330206005 for Xiapu"
)
EVERYWHERE = Words("全部业务", "all lines of work")
NO_TEAM = Words("不限机构", "no team")


class PlainForm(forms.Form):
    """A form that says what is wrong in the reader's language."""

    use_required_attribute = False

    def __init__(self, data: MultiValueDict[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        for name, field in self.fields.items():
            field.error_messages.update(SAID)
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            if isinstance(field, forms.CharField) and name not in ("password", "old", "new"):
                field.widget.attrs.setdefault("autocomplete", "off")

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal beside the field it belongs to, or above the form."""
        self.add_error(refusal.field if refusal.field in self.fields else None, str(refusal))


def text(zh: str, en: str, most: int, hint: Words | None = None, **more: Any) -> forms.CharField:
    """A line of text with its label in two languages."""
    return forms.CharField(
        label=lazystr(Words(zh, en)), max_length=most, help_text=lazystr(hint or ""), **more
    )


def secret(
    zh: str, en: str, hint: Words | None = None, *, new: bool = False, required: bool = True
) -> forms.CharField:
    """A password: never sent back, kept exactly as typed."""
    complete = "new-password" if new else "current-password"
    return forms.CharField(
        label=lazystr(Words(zh, en)), max_length=128, strip=False, help_text=lazystr(hint or ""),
        required=required,
        widget=forms.PasswordInput(attrs={"autocomplete": complete}),
    )


def day(zh: str, en: str, hint: Words | None = None, **more: Any) -> forms.DateField:
    """A date, written and read as YYYY-MM-DD."""
    return forms.DateField(
        label=lazystr(Words(zh, en)), input_formats=["%Y-%m-%d"], help_text=lazystr(hint or ""),
        **more,
    )


def choice(zh: str, en: str, hint: Words | None = None, **more: Any) -> forms.ChoiceField:
    """One of a list that the form fills when it is made."""
    return forms.ChoiceField(
        label=lazystr(Words(zh, en)), help_text=lazystr(hint or ""), **more
    )


START_HINT = Words(
    "当面或电话告诉本人；本人首次登录必须改掉。至少 10 位，大小写字母、数字、符号占三类。",
    "Tell the person yourself; it must be changed at first sign-in. At least 10 characters, "
    "three kinds of: small letters, capitals, digits, signs.",
)
MADE_HINT = Words("留空则自动生成一个，只显示一次。" + START_HINT.zh,
                  "Left empty, one is made and shown once. " + START_HINT.en)
PHONE_HINT = Words("加密保存，只显示头尾", "Stored encrypted, shown in part only")


class PersonForm(PlainForm):
    """What an account says about its person."""

    name = text("姓名", "Name", 60)
    unit_code = text("所属单位", "Unit", 12, UNIT_HINT)
    phone = text("电话", "Phone", 24, PHONE_HINT, required=False)


class NewPersonForm(PersonForm):
    """An account to be made."""

    account = text("账号", "Account", 40, Words("登录用，小写字母开头", "To sign in with"))
    start_password = secret("初始密码", "Start password", START_HINT, new=True)
    field_order = ("account", "name", "unit_code", "phone", "start_password")


class StartPasswordForm(PlainForm):
    """A new start password for somebody who cannot sign in."""

    start_password = secret("初始密码", "Start password", MADE_HINT, new=True, required=False)


class ProofForm(PlainForm):
    """Who one is, asked again in the middle of a session."""

    password = secret("密码", "Password")
    code = forms.CharField(
        label=lazystr(Words("验证码或恢复码", "Code, or a recovery code")), max_length=40,
        required=False, widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )


class TeamForm(PlainForm):
    """A team to be set up."""

    code = text("代码", "Code", 40, Words("英文代码，如 xp-chengjian", "Such as xp-chengjian"))
    name = text("名称", "Name", 80)
    name_en = text("英文名称", "English name", 120, required=False)
    kind = choice("类别", "Kind", choices=[("", "—"), *KINDS.items()])
    unit_code = text("所属单位", "Unit", 12, UNIT_HINT)
    since = day("成立日", "First day")


class GrantForm(PlainForm):
    """A term to be granted. ``teams`` are those the granter may bind it to."""

    role = choice("角色", "Role", choices=[("", "—"), *((r.code, r.title) for r in ROLES.values())])
    area = text(
        "范围", "Area", 24,
        Words("单位或网格编码，管它和它下面的一切",
              "Code of a unit or cell; covers everything below it"))
    practice = choice("业务", "Line of work", required=False)
    team = choice(
        "机构", "Team", required=False,
        hint=Words("科室人员必选：只办本机构的事",
                   "An office worker needs one, and works on its cases only"))
    since = day("起", "From")
    until = day("止", "Last day", Words("空：长期", "Empty: no end"), required=False)

    def __init__(
        self, data: MultiValueDict[str, Any] | None = None, *, teams: Iterable[Team], **more: Any
    ) -> None:
        super().__init__(data, **more)
        plugged = [(practice.code, practice.title) for practice in practices]
        self.teams = {str(team.pk): team for team in teams}
        self.fields["practice"].choices = [("", EVERYWHERE), *plugged]  # type: ignore[attr-defined]
        self.fields["team"].choices = [  # type: ignore[attr-defined]
            ("", NO_TEAM), *((key, team_title(team)) for key, team in self.teams.items())
        ]


class EndTermForm(PlainForm):
    """When a term ends."""

    last_day = day(
        "最后一天", "Last day", Words("空：立即失效", "Empty: it ends at once"), required=False)


class CloseTeamForm(PlainForm):
    """When a team ends."""

    last_day = day("最后一天", "Last day")


class SignInForm(PlainForm):
    """Account and password."""

    account = forms.CharField(
        label=lazystr(Words("账号", "Account")), max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = secret("密码", "Password")


class CodeForm(PlainForm):
    """A code of the second factor."""

    code = forms.CharField(
        label=lazystr(Words("验证码", "Code")), max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text"}),
    )


class PasswordForm(PlainForm):
    """The present password and the one to be."""

    old = secret("现在的密码", "Present password")
    new = secret(
        "新密码", "New password",
        Words("至少 10 位；小写、大写、数字、符号占三类。",
              "At least 10 characters; three kinds of: small letters, capitals, digits, signs."),
        new=True)


class RemoveFactorForm(PlainForm):
    """The password, once more, before a protection is taken away."""

    password = secret("密码", "Password")


class AuditForm(PlainForm):
    """What an auditor looks for."""

    account = text("人员账号", "Account", 40, required=False)
    verb = text("动作", "Verb", 40, required=False)
    looks = forms.BooleanField(
        label=lazystr(Words("只看查看个人信息的", "Only looks at personal data")), required=False)
    since = day("起", "From")
    until = day("止", "To")


def team_title(team: Team) -> Words:
    """A team's name in two languages."""
    return Words(team.name, team.name_en or team.name)
