"""Personal words in free text, covered with stars of the same length. Pure; safe to repeat.

What is covered: telephone numbers (mobile, fixed line, any number said to be one), resident
identity numbers (GB 11643, 18 characters, and the older 15 digits), and the name that follows a
word such as 联系人 or 姓名. A name that no such word announces is not found.
"""

import re

STAR = "*"
_D = "[0-9０-９]"
_MOBILE = rf"(?:\+?86[- ]?)?[1１][3-9３-９]{_D}[- ]?{_D}{{4}}[- ]?{_D}{{4}}"
_FIXED = rf"[0０]{_D}{{2,3}}[- ]?{_D}{{7,8}}"
_IDENTITY = rf"[1-9１-９]{_D}{{5}}(?:19|20){_D}{{2}}[01]{_D}[0-3]{_D}{_D}{{3}}[0-9０-９XxＸｘ]"
_OLDER = rf"[1-9１-９]{_D}{{5}}{_D}{{2}}[01]{_D}[0-3]{_D}{_D}{{3}}"
_NUMBERS = re.compile(rf"(?<!{_D})(?:{_IDENTITY}|{_MOBILE}|{_FIXED}|{_OLDER})(?!{_D})")
_SAID = re.compile(
    r"(?:电话|手机|号码|联系方式|致电|[Tt]el\.?|[Pp]hone)[是为:：\s]{0,3}"
    rf"((?:{_D}[- ]?){{6,12}}{_D})")

_LABELS = ("联系人|姓名|报案人|举报人|反映人|投诉人|当事人|来电人|诉求人|报修人|申请人|业主|户主|"
           "房东|租客|死者|伤者|患者|家属")
# Frequent family names of this coast, own list; a rarer one is found after a colon only.
_FAMILY = ("王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶"
           "程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾"
           "毛郝龚邵万钱严覃武戴莫孔向汤乐虞竺励应")
_TWO = "欧阳|上官|司马|诸葛|夏侯|皇甫|尉迟|公孙|令狐|慕容"
_STOP = "电话|手机|联系|反映|反应|号码|来电|投诉|表示|住|说|称|在|于|的|要|已|将|是|为|被|家|和|与"
_REST = rf"(?:(?!{_STOP})[\u4e00-\u9fff]){{1,2}}"
_NAMED = re.compile(
    rf"(?:{_LABELS})(?:[:：]\s*|[是为叫]|\s+)?((?:{_TWO}|[{_FAMILY}]){_REST})|"
    rf"(?:{_LABELS})\s*[:：]\s*([\u4e00-\u9fff]{{2,4}})(?![\u4e00-\u9fff])|"
    r"\b(?:[Nn]ame|[Cc]ontact)\s*[:：]\s*([A-Z][a-z'-]+(?: [A-Z][a-z'-]+){0,2})")


def blurred(text: str) -> str:
    """``text`` with what points to a person covered; nothing else is changed, nor its length."""
    for pattern in (_SAID, _NUMBERS, _NAMED):
        text = pattern.sub(_covered, text)
    return text


def _covered(found: re.Match[str]) -> str:
    """The match with its group (or, where it has none, all of it) as stars."""
    said = next((group for group in found.groups() if group), found[0])
    before, _, after = found[0].rpartition(said)
    return before + STAR * len(said) + after
