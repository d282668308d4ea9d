"""The fields an event can have, and which column of a foreign table is probably which. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from yiwang.algorithms.words import Words
from yiwang.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Field:
    """Something an event has. ``guesses`` are column names that mean it, in small letters."""

    name: str
    label: Words
    guesses: tuple[str, ...]
    required: bool = False


FIELDS: tuple[Field, ...] = (
    Field("number", Words("编号", "number"),
          ("编号", "事件编号", "案件编号", "工单编号", "工单号", "流水号", "序号", "rec_id", "id",
           "number", "case_id", "event_id", "service_request_id"), required=True),
    Field("opened", Words("上报时间", "reported at"),
          ("上报时间", "上报日期", "创建时间", "受理时间", "登记时间", "发生时间", "时间", "日期",
           "create_time", "created", "created_at", "reported", "reported_at", "opened_at",
           "requested_datetime", "date"), required=True),
    Field("closed", Words("办结时间", "closed at"),
          ("办结时间", "结案时间", "完成时间", "办结日期", "closed", "closed_at", "finish_time",
           "end_time")),
    Field("street", Words("镇街", "town or sub-district"),
          ("镇街", "镇街名称", "街道", "乡镇", "乡镇街道", "所属街道", "street", "town",
           "subdistrict")),
    Field("community", Words("村社", "village or community"),
          ("村社", "村社名称", "社区", "村居", "村", "所属社区", "community", "village")),
    Field("area", Words("区划或网格编码", "unit or cell code"),
          ("区划编码", "网格编码", "行政区划代码", "area", "area_code", "unit_code", "grid_code")),
    Field("class1", Words("大类", "class"),
          ("大类", "一级分类", "类型", "事件类型", "type", "class", "category")),
    Field("class2", Words("小类", "subclass"),
          ("小类", "二级分类", "主类", "main_type", "subclass", "subcategory")),
    Field("class3", Words("细类", "detail"),
          ("细类", "三级分类", "子类", "sub_type", "detail")),
    Field("kind", Words("类别（代码或名称）", "kind (code or name)"),
          ("类别", "事件类别", "案件类别", "问题类别", "类别代码", "类别编码", "分类", "分类编码",
           "事件代码", "kind", "kind_code", "type_code", "service_code")),
    Field("channel", Words("来源", "source"),
          ("来源", "事件来源", "信息来源", "渠道", "source", "channel")),
    Field("property", Words("诉求性质", "nature"),
          ("诉求性质", "性质", "事件性质", "property", "nature")),
    Field("unit", Words("处置单位", "handled by"),
          ("处置单位", "办理单位", "承办单位", "主办单位", "责任单位", "处理部门", "dispose_unit",
           "unit", "agency", "department", "handler", "agency_responsible")),
    Field("punctual", Words("是否按时", "in time or late"),
          ("是否按时", "是否超时", "是否超期", "办结情况", "achieve", "in_time", "overdue",
           "timeliness")),
    Field("title", Words("标题", "title"), ("标题", "事件标题", "title", "service_name")),
    Field("text", Words("描述", "description"),
          ("描述", "事件描述", "内容", "问题描述", "诉求内容", "description", "text", "content")),
    Field("address", Words("地址", "address"), ("地址", "事发地址", "地点", "address", "location")),
    Field("longitude", Words("经度", "longitude"), ("经度", "lon", "lng", "long", "longitude")),
    Field("latitude", Words("纬度", "latitude"), ("纬度", "lat", "latitude")),
)
BY_NAME: Mapping[str, Field] = {field.name: field for field in FIELDS}
REQUIRED = tuple(field for field in FIELDS if field.required)


def guess_mapping(headers: Sequence[str]) -> dict[str, str]:
    """Column → field, by name; a column nobody knows is left out, a field is given once."""
    mapping: dict[str, str] = {}
    for header in headers:
        field = _guess(header)
        if field and field not in mapping.values():
            mapping[header] = field
    return mapping


def _guess(header: str) -> str:
    name = header.strip().lower().replace(" ", "_").replace("-", "_")
    for field in FIELDS:
        if name == field.name or name in field.guesses:
            return field.name
    return ""


def check_mapping(mapping: Mapping[str, str], headers: Iterable[str]) -> None:
    """Raise ``Refusal`` where a column or field does not exist, is doubled, or is missing."""
    for header in mapping:
        if header not in set(headers):
            raise _refused(Words("文件里没有“{name}”这一列。", "The file has no column “{name}”."),
                           header)
    for field in mapping.values():
        if field not in BY_NAME:
            raise _refused(Words("没有“{name}”这个字段。", "There is no field “{name}”."), field)
        if list(mapping.values()).count(field) > 1:
            raise _refused(
                Words("两列都对到“{name}”。", "Two columns are mapped to “{name}”."), field
            )
    missing = tuple(field.label for field in REQUIRED if field.name not in mapping.values())
    if missing:
        raise Refusal(
            "import_mapping",
            Words("还没有指明哪一列是：", "Not said yet which column is:"),
            Words("在“列的对应”里选好，或用 --map 列名=字段。",
                  "Choose it under “columns”, or use --map COLUMN=FIELD."),
            missing=missing, field="mapping",
        )


def _refused(what: Words, name: str) -> Refusal:
    fields = ", ".join(BY_NAME)
    return Refusal(
        "import_mapping", what.filled(name=name),
        Words("字段有：{fields}", "The fields are: {fields}").filled(fields=fields),
        field="mapping",
    )


def parse_mapping(text: str) -> dict[str, str]:
    """``rec_id=number,create_time=opened`` as a mapping; raises ``Refusal``."""
    mapping: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        header, equals, field = pair.rpartition("=")
        if not equals:
            raise _refused(
                Words("“{name}”要写成 列名=字段。", "“{name}” should read COLUMN=FIELD."), pair
            )
        mapping[header.strip()] = field.strip()
    return mapping
