"""How people, terms and trail verbs are shown: rows with words, ready for a template."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from yiwang.algorithms.words import Words
from yiwang.kernel.cases.names import unit_names
from yiwang.kernel.people.models import Term
from yiwang.kernel.people.rules import ROLES
from yiwang.kernel.practice import practices

from .people_forms import EVERYWHERE, team_title

HELD = Words("有效", "in force")
COMING = Words("未到", "not begun")
OVER = Words("已结束", "over")

# Marks in the User-Agent header; an app's own mark comes before the browser it is built on.
BROWSERS = (
    ("TaurusApp", "浙政钉"), ("DingTalk", "DingTalk"), ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"),
)

VERBS: dict[str, Words] = {
    "person_added": Words("建账号", "account made"),
    "person_changed": Words("改资料", "details changed"),
    "person_deactivated": Words("停用账号", "account closed"),
    "person_reactivated": Words("恢复账号", "account reopened"),
    "language_chosen": Words("选语言", "language chosen"),
    "phone_shown": Words("查看电话", "phone number seen"),
    "start_password_set": Words("设初始密码", "start password set"),
    "password_changed": Words("改密码", "password changed"),
    "signed_in": Words("登录", "signed in"),
    "sign_in_failed": Words("登录失败", "sign-in failed"),
    "signed_out": Words("退出", "signed out"),
    "backup": Words("备份", "backed up"),
    "restore": Words("恢复", "restored"),
    "proved": Words("再次确认身份", "proved identity again"),
    "sessions_closed": Words("在别处退出", "other sessions ended"),
    "second_factor_begun": Words("开始设两步验证", "second factor begun"),
    "second_factor_confirmed": Words("开启两步验证", "second factor on"),
    "second_factor_removed": Words("关闭两步验证", "second factor off"),
    "second_factor_cleared": Words("清除两步验证", "second factor cleared"),
    "recovery_codes_renewed": Words("换恢复码", "recovery codes renewed"),
    "recovery_code_used": Words("用恢复码", "recovery code used"),
    "unmask": Words("查看反映人联系方式", "contact of a reporter seen"),
    "read_fuller": Words("凭密钥读了全文和地点", "words and places read by a key"),
    "rows_exported": Words("导出明细", "rows exported"),
    "trail_exported": Words("导出审计记录", "trail exported"),
    "team_added": Words("设机构", "team set up"),
    "team_closed": Words("撤机构", "team closed"),
    "term_granted": Words("授权", "role granted"),
    "term_ended": Words("结束授权", "role ended"),
}


@dataclass(frozen=True, slots=True)
class ShownTerm:
    """A term as a row: all words, and the lamp of its state."""

    term: Term
    role: object
    area_name: str
    practice: object
    team: object
    state: Words
    lamp: str


def shown_terms(terms: Iterable[Term], at: datetime) -> list[ShownTerm]:
    """Terms as rows, with the names of their areas from one query."""
    rows, today = list(terms), localdate(at)
    names = unit_names(term.area for term in rows)
    return [_shown(term, names, today) for term in rows]


def _shown(term: Term, names: dict[str, Words], today: date) -> ShownTerm:
    state, lamp = _state(term, today)
    plugged = {practice.code: practice.title for practice in practices}
    role = ROLES.get(term.role)
    return ShownTerm(
        term=term,
        role=role.title if role else term.role,
        area_name=str(names.get(term.area, "")),
        practice=plugged.get(term.practice, term.practice) if term.practice else EVERYWHERE,
        team=team_title(term.team) if term.team else "",
        state=state,
        lamp=lamp,
    )


def _state(term: Term, today: date) -> tuple[Words, str]:
    if term.until is not None and term.until < today:
        return OVER, "idle"
    if term.since > today:
        return COMING, "warn"
    return HELD, "ok"


def device_named(agent: str) -> str:
    """What a browser calls itself, shortly: ``Edge · Windows``. The first name found counts."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return " · ".join(name for name in (browser, system) if name) or agent[:40]
