"""How the units of an appraised sample were reached, as its columns say: strata, clusters, random groups.

cluster, cluster_size               clusters, and the units in each (left out where clusters were looked at whole)
subcluster, subcluster_size         one step more; cluster_size then counts subclusters
group_clusters, group_measure, cluster_measure      one cluster from each random group (Rao, Hartley, Cochran)
stratum                             all of it by stratum
"""

from collections.abc import Hashable, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from auditor.errors import BadInput
from auditor.services import appraisal_columns
from auditor.services.review_sheets import Sheet

if TYPE_CHECKING:
    from auditor.stats.stages import Stages

Clusters = int | Mapping[Hashable, int] | None


def read(sheet: Sheet) -> "Stages | None":
    """The steps of each row; None where no cluster is named."""
    from auditor.stats.stages import Stages

    clusters = appraisal_columns.texts(sheet, "cluster")
    if clusters is None:
        return None
    return Stages(
        clusters=clusters,
        cluster_sizes=appraisal_columns.counts(sheet, "cluster_size"),
        subclusters=appraisal_columns.texts(sheet, "subcluster"),
        subcluster_sizes=appraisal_columns.counts(sheet, "subcluster_size"),
        strata=appraisal_columns.texts(sheet, "stratum"),
        group_clusters=appraisal_columns.counts(sheet, "group_clusters"),
        group_measures=_measures(sheet, "group_measure"),
        drawn_measures=_measures(sheet, "cluster_measure"),
    )


def replaced(stages: "Stages") -> str:
    """The function of RAT-STATS that takes samples of these steps."""
    steps = 1 + (stages.cluster_sizes is not None) + (stages.subclusters is not None)
    if stages.by_size:
        return "RHC Three Stage" if steps == 3 else "RHC Two Stage"
    if steps == 1:
        return "Stratified Cluster"
    if stages.strata is not None:
        return "Stratified Multistage"
    return "Three-Stage Unrestricted" if steps == 3 else "Two-Stage Unrestricted"


def design(stages: "Stages") -> str:
    """The design in words."""
    steps = ("clusters", "clusters and units in them", "clusters, subclusters and units in them")
    words = steps[(stages.cluster_sizes is not None) + (stages.subclusters is not None)]
    words = f"{words} from random groups" if stages.by_size else words
    return words if stages.strata is None else f"{words}, by stratum"


def in_frame(stages: "Stages", clusters: int | None, by_stratum: Mapping[str, int] | None) -> Clusters:
    """How many clusters the frame holds; random groups say so themselves."""
    if stages.by_size:
        return None
    if stages.strata is None:
        if clusters is None:
            raise BadInput("--clusters is missing: say how many clusters the frame holds")
        return clusters
    absent = sorted(set(map(str, stages.strata)) ^ set(by_stratum or {}))
    if absent:
        raise BadInput(f"--stratum-clusters and the column stratum differ in {absent[0]}: name each drawn stratum")
    return dict((by_stratum or {}).items())


def total_in_frame(stages: "Stages", clusters: Clusters) -> int:
    """All clusters of the frame as one number."""
    if isinstance(clusters, Mapping):
        return sum(clusters.values())
    if clusters is not None:
        return clusters
    labels = zip(stages.strata or stages.clusters, stages.clusters, strict=True)
    groups = dict(zip(labels, stages.group_clusters or (), strict=True))
    return sum(groups.values())


def _measures(sheet: Sheet, name: str) -> tuple[float, ...] | None:
    return appraisal_columns.each(sheet, name, _measure) if name in sheet.header else None


def _measure(text: str, named: str) -> float:
    try:
        measure = Decimal(text.replace("$", "").replace(",", "").strip())
    except InvalidOperation as error:
        raise BadInput(f"{named} must be a number, not {text!r}") from error
    if not measure.is_finite() or measure <= 0:
        raise BadInput(f"{named} must be above 0, not {text!r}")
    return float(measure)
