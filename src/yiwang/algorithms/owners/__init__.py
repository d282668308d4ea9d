"""Who is likely to own a case, learned from who finished the ones before: counts, no more.

Several chains of contexts, each from the wide to the narrow (``features``), are counted with a
half-life (``tables``); a narrow count gives way to a wider one where it is thin, and the chains
are weighed by how well they foretold the cases of the past (``mixing``, ``learning``). What is
counted is a unit's role, its name without its place (``names``): the law-enforcement brigade of
one sub-district teaches what that of the next one does. Plain Python, nothing random.
"""

from .features import Seen
from .learning import History, learn
from .mixing import Ground, Odds

__all__ = ["Ground", "History", "Odds", "Seen", "learn"]
