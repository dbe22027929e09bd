"""Counts of requests by route and status, and gauges, for Prometheus.

Labels are route patterns and status codes: no code, name, address or token of
anybody ever becomes a label (Source: R3.6, R2.3).
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector, CollectorRegistry

from quizserver.web.figures import FIGURES

CONTENT_TYPE = CONTENT_TYPE_LATEST


class Meter:
    """Counts finished requests. One per process."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, str, int]] = Counter()

    def count(self, method: str, route: str, status: int) -> None:
        """Count one request; `route` is the table's pattern, not the address."""
        self.requests[method, route, status] += 1

    def exposition(self, numbers: Mapping[str, float]) -> bytes:
        """Return everything as Prometheus text.

        `numbers` whose names end with `_total` are counters, the rest gauges.
        """
        registry = CollectorRegistry()
        registry.register(_Snapshot(self.requests, numbers))
        return generate_latest(registry)


class _Snapshot(Collector):
    def __init__(
        self,
        requests: Mapping[tuple[str, str, int], int],
        numbers: Mapping[str, float],
    ) -> None:
        self._requests = dict(requests)
        self._numbers = dict(numbers)

    def collect(self) -> Iterator[Metric]:
        served = CounterMetricFamily(
            "quizserver_http_requests",
            FIGURES["http_requests_total"],
            labels=["method", "route", "status"],
        )
        for (method, route, status), count in sorted(self._requests.items()):
            served.add_metric([method, route, str(status)], count)
        yield served
        for name, value in sorted(self._numbers.items()):
            yield _metric(name, value)


def _metric(name: str, value: float) -> Metric:
    text = FIGURES.get(name, name)
    if name.endswith("_total"):
        return CounterMetricFamily(f"quizserver_{name[:-6]}", text, value=value)
    return GaugeMetricFamily(f"quizserver_{name}", text, value=value)
