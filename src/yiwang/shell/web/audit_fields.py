"""What the fields of a trail entry are called: the one table of the auditor's page."""

from yiwang.algorithms.words import Words

FIELDS: dict[str, Words] = {
    # a case
    "number": Words("编号", "number"), "practice": Words("业务", "line of work"),
    "playbook": Words("流程", "playbook"), "playbook_version": Words("流程版本", "its version"),
    "kind": Words("类别", "kind"), "title": Words("标题", "title"), "text": Words("内容", "text"),
    "channel": Words("来源", "channel"), "area": Words("区域", "area"),
    "address": Words("地址", "address"), "longitude": Words("经度", "longitude"),
    "latitude": Words("纬度", "latitude"), "datum": Words("坐标系", "system of coordinates"),
    "original_x": Words("原坐标横", "original x"), "original_y": Words("原坐标纵", "original y"),
    "gps_metres": Words("定位与点选相差（米）", "fix and tapped point apart (m)"),
    "state": Words("状态", "state"), "is_open": Words("在办", "open"),
    "counted": Words("计入考核", "counted"), "outcome": Words("结果", "outcome"),
    "outcome_by": Words("报结人", "outcome reported by"), "facts": Words("经过", "facts"),
    "handler_id": Words("承办单位", "handling team"), "holder_id": Words("谁拿着", "who has it"),
    "opened_at": Words("上报时间", "reported at"), "opened_by": Words("上报人", "reported by"),
    "closed_at": Words("结案时间", "closed at"), "changed_at": Words("最近变动", "last changed"),
    "due_at": Words("期限", "due at"),
    "due_provisional": Words("期限暂定", "due date provisional"),
    "clocks": Words("时钟", "clocks"),
    "late": Words("超时", "late"), "late_excused": Words("申诉成立", "lateness excused"),
    "refusals": Words("退回次数", "refusals"), "reopenings": Words("重开次数", "reopenings"),
    "stars": Words("满意度", "stars"), "asking": Words("等签字", "waits for a signature"),
    "parent_id": Words("属于", "part of"), "merged_into_id": Words("并入", "merged into"),
    "follow_code": Words("查询码", "follow code"),
    "once_key": Words("防重号", "key against repeats"),
    "external_id": Words("原系统编号", "number in its own system"),
    # what was given with a step
    "team": Words("单位", "team"), "team_id": Words("单位", "team"),
    "clause": Words("退回依据", "clause"), "reason": Words("说明", "reason"),
    "note": Words("附言", "note"), "result": Words("结果", "result"),
    "done": Words("做了什么", "what was done"), "for_person": Words("答复", "answer"),
    "left_over": Words("还剩什么", "what is left"),
    "look_again": Words("何时再看", "look again on"),
    "return_type": Words("退回类型", "kind of return"),
    "opinion": Words("核查意见", "what was seen"),
    "words": Words("评价", "in words"), "photo": Words("照片", "photo"),
    "photos": Words("照片", "photos"), "stage": Words("哪一步的照片", "step of the photos"),
    "whistle": Words("吹哨事由", "matter of the whistle"), "case": Words("案件", "case"),
    "child": Words("子案件", "part"), "parent": Words("主案件", "larger case"),
    "same_as": Words("同一件", "same as"), "seen": Words("再看结果", "what was found"),
    "captured_at": Words("现场时间", "taken on site at"), "whose": Words("应找谁", "whose it is"),
    # persons, their teams, where they are signed in
    "account": Words("账号", "account"), "name": Words("名称", "name"),
    "name_en": Words("英文名", "English name"), "unit_code": Words("区划", "unit"),
    "phone": Words("电话", "phone"), "language": Words("语言", "language"),
    "is_active": Words("账号可用", "account in use"), "role": Words("角色", "role"),
    "term": Words("授权", "term"), "since": Words("起", "since"), "until": Words("止", "until"),
    "device": Words("设备", "device"), "why": Words("原因", "why"),
    "sessions_ended": Words("结束的登录数", "sessions ended"),
    # what the town sets: its rules, days and cells; and what it brings in
    "rules": Words("规则数", "rules"), "rank": Words("次序", "order"),
    "hours": Words("时段", "hours"), "automatic": Words("自动派单", "automatic"),
    "least_odds": Words("自动派单的最低几率", "least odds to dispatch by itself"),
    "condition": Words("情形", "condition"), "clock": Words("时限单位", "kind of clock"),
    "amount": Words("时限", "amount"), "limits": Words("时限条数", "limits"),
    "kinds": Words("类别数", "kinds"), "kind_list": Words("类别表", "list of kinds"),
    "version": Words("版本", "version"), "day": Words("日期", "day"), "days": Words("日子", "days"),
    "works": Words("上班", "works"), "source": Words("依据", "source"),
    "code": Words("代码", "code"),
    "cells": Words("网格数", "cells"), "layer": Words("图层", "layer"),
    "shape": Words("边界", "boundary"), "shape_since": Words("边界起用", "boundary since"),
    "replaced": Words("替换的边界", "boundary replaced"), "households": Words("户数", "households"),
    "households_as_of": Words("户数截至", "households as of"),
    "file_name": Words("文件", "file"), "digest": Words("文件指纹", "fingerprint of the file"),
    "what": Words("什么", "what"), "form": Words("格式", "format"), "part": Words("哪部分", "part"),
    "rows": Words("行数", "rows"), "asked": Words("问了什么", "asked"),
    "path": Words("地址", "address asked"),
    "total": Words("行数", "rows"), "position": Words("做到第几行", "rows done"),
    "mapping": Words("列的对应", "columns"), "as_open": Words("当新案件", "as new cases"),
    "number_prefix": Words("编号前缀", "prefix of numbers"), "run": Words("导入批次", "import run"),
    "page": Words("页面", "page"), "query": Words("筛选", "filter"),
    "members": Words("成员", "members"),
}


def field_words(name: str) -> Words:
    """What a field is called; one the table does not know at least reads as words."""
    plain = name.replace("_", " ").strip()
    return FIELDS.get(name, Words(plain, plain))
