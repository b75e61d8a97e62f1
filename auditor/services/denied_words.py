"""What audited denials say, in words: for the terminal and for the page."""

from auditor.reports.figures import percent
from auditor.services.denied_findings import DeniedFindings, DeniedReason, Share

NOTE = (
    "A claim counts once for each reason that denied it. Who is denied is no chance sample: the shares describe these"
    " cases, and no error rate counts them apart."
)


def sentence(found: DeniedFindings) -> str:
    """How many reviewed claims were denied, and how often those and the others were in error."""
    denied, others = found.denied, found.others
    if not denied.cases + others.cases:
        return "No case of this audit is reviewed yet: denials are set beside findings, and there are none."
    if not denied.cases:
        return f"None of the {others.cases:,} reviewed claims was denied."
    told = f"{denied.cases:,} of {denied.cases + others.cases:,} reviewed claims were denied; {share(denied)} of them"
    told += " were in error"
    return told + (f", and {share(others)} of the others." if others.cases else ".")


def share(share: Share) -> str:
    """`9 (75 %, 43 to 95 %)`: how many were in error, which share that is, and its interval."""
    if share.low is None or share.high is None:
        return "none"
    return f"{share.wrong:,} ({percent(share.wrong / share.cases)}, {percent(share.low)} to {percent(share.high)})"


def errors(reason: DeniedReason) -> str:
    """What kinds of errors were found, the most frequent first."""
    return ", ".join(f"{kind.value.replace('_', ' ')} {n}" for kind, n in reason.errors.items()) or "nothing wrong"
