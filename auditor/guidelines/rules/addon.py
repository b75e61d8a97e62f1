"""Add-on codes without the primary procedure that carries them."""

from auditor.guidelines.lines import Day, Line
from auditor.guidelines.protocol import Fault, Gap, Reason, Verdicts
from auditor.guidelines.rules.ncci_ptp import claims_of
from auditor.guidelines.tables import CONTRACTOR_DEFINED, AddonPrimary, CodeTables, GuidelineKind

LISTED = 1  # the type whose primaries are all listed

# The one add-on whose primary a colleague of the same group and specialty may bill: critical care.
_OF_A_GROUP = frozenset({"99292"})


def judge(day: Day, tables: CodeTables) -> Verdicts:
    """A fault for each add-on beside which no primary stands; a gap where CMS leaves the primaries to others."""
    if tables.edition(GuidelineKind.ADDON, day.on) is None:
        yield from (Gap(claim_id=each, reason=Reason.NO_EDITION) for each in claims_of(day))
        return
    known = {line.code: tables.primaries(line.code, on=day.on) for line in day.lines}
    for line in day.lines:
        primaries = known[line.code]
        if primaries and day.whole and not any(each.primary in known for each in primaries):
            carriers = [code for code, found in known.items() if not found]
            yield _verdict(line, primaries, carriers)


def _verdict(line: Line, primaries: tuple[AddonPrimary, ...], carriers: list[str]) -> Fault | Gap:
    if line.code in _OF_A_GROUP:
        return Gap(claim_id=line.claim_id, reason=Reason.PRIMARY_OF_A_COLLEAGUE)
    open_list = any(each.primary == CONTRACTOR_DEFINED or each.edit_type != LISTED for each in primaries)
    if open_list and carriers:
        return Gap(claim_id=line.claim_id, reason=Reason.CONTRACTOR_DEFINED)
    detail = f"{line.code} is an add-on, and none of its primary procedures stands beside it."
    return Fault(lines=(line,), edition=primaries[0].edition, detail=detail)
