"""Formula, assumptions and source of the methods whose answer is a bare number, list or draw, by function name.

Answers of the kind `Result` carry their own basis.
"""

from auditor.stats.agreement_bases import AGREEMENT
from auditor.stats.change_bases import CHANGES
from auditor.stats.chart_bases import CHARTS
from auditor.stats.draw_bases import DRAWS
from auditor.stats.results import Basis

BASES: dict[str, Basis] = {**DRAWS, **AGREEMENT, **CHARTS, **CHANGES}
