"""What is covered, what is left alone, and that covering changes nothing else."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yiwang.algorithms.blurring import blurred


@pytest.mark.parametrize(("text", "after"), [
    ("请打13812345678。", "请打***********。"),
    ("138 1234 5678 有人", "************* 有人"),
    ("+86-13812345678", "***************"),
    ("１３８１２３４５６７８", "***********"),
    ("座机 0574-86221234", "座机 *************"),
    ("电话：86221234 转", "电话：******** 转"),
    ("身份证330206199001011234在", "身份证******************在"),
    ("33020619900101123X", "******************"),
    ("330206900101123", "***************"),
    ("联系人：王小明，电话13812345678", "联系人：***，电话***********"),
    ("联系人王小明电话13812345678", "联系人***电话***********"),
    ("业主张伟反映漏水", "业主**反映漏水"),
    ("姓名：阿依古丽", "姓名：****"),
    ("当事人是欧阳修，", "当事人是***，"),
    ("Contact: John Smith called", "Contact: ********** called"),
])
def test_what_points_to_a_person_is_covered(text: str, after: str) -> None:
    assert blurred(text) == after


@pytest.mark.parametrize("text", [
    "霞浦中路积水，深 20 厘米", "XP-2026-004217", "拨打 12345 和 110", "2026-11-23 14:30",
    "坐标 121.871234, 29.891234", "业主反映电梯停了", "当事人已离开", "申请人应在三日内补正",
    "合同号 20261123", "联系人的电话打不通", "长江路 128 号 3 幢 402", "共 86 户、250 人",
])
def test_what_points_to_nobody_stays(text: str) -> None:
    assert blurred(text) == text


LETTERS = "联系人姓名：电话王小明张1386０２X-+ ，在的\n"
words = st.text(alphabet=st.sampled_from(LETTERS), max_size=60)


@given(text=words)
def test_covering_keeps_the_length_and_is_done_once(text: str) -> None:
    once = blurred(text)
    assert len(once) == len(text)
    assert all(after in (before, "*") for before, after in zip(text, once, strict=True))
    assert blurred(once) == once


@given(before=words, after=words, number=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_no_mobile_number_is_left(before: str, after: str, number: str) -> None:
    assert not re.search(rf"(?<!\d){number}(?!\d)", blurred(f"{before} {number} {after}"))
