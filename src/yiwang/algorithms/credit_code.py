"""The unified social credit code of an organisation (统一社会信用代码, GB 32100): 18 characters.

Its check digit warns and never rejects: real registered codes fail it (docs/field.md, credit
codes).
"""

from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, ValidationError

from .words import Words

DOUBTFUL = Words("校验位不符，请核对执照；照此也可以登记。",
                 "Its check digit does not fit: compare the licence. It may be kept all the same.")


class CreditCodeError(ValueError):
    """What stands there cannot be a credit code. ``what`` says so in both languages."""

    def __init__(self, text: str) -> None:
        self.what = Words("“{text}”不是 18 位的统一社会信用代码。",
                          "“{text}” is no credit code of 18 characters.").filled(text=text[:30])
        super().__init__(str(self.what))


def read_credit_code(text: str) -> tuple[str, Words | None]:
    """The code in its one form, and a warning where its check digit does not fit.

    Spaces go and small letters become capitals. Raises ``CreditCodeError`` for another length or
    for letters that the code does not use (I, O, S, V, Z).
    """
    code = uscc.compact(text).upper()
    try:
        uscc.validate(code)
    except InvalidChecksum:
        return code, DOUBTFUL
    except ValidationError:
        raise CreditCodeError(text) from None
    return code, None
