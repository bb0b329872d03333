"""Figures of Prometheus by name and labels."""

from collections.abc import Iterable

from prometheus_client import Metric

Figures = dict[tuple[str, tuple[str, ...]], float]


def figures_of(families: Iterable[Metric]) -> Figures:
    """Return each sample by its name and the values of its labels."""
    return {
        (sample.name, tuple(sample.labels.values())): sample.value for family in families for sample in family.samples
    }
