"""Figures for Prometheus: by route, never by person."""

from prometheus_client.parser import text_string_to_metric_families

from quizserver.web.meter import Meter


def test_requests_are_counted_by_route_and_status() -> None:
    meter = Meter()
    for _ in range(3):
        meter.count("GET", "/{code}", 200)
    text = meter.exposition({}).decode()
    line = (
        'quizserver_http_requests_total{method="GET",route="/{code}",status="200"} 3.0'
    )
    assert line in text


def test_numbers_become_gauges_and_counters() -> None:
    text = Meter().exposition({"phones_online": 12, "answers_total": 7}).decode()
    kinds = {f.name: f.type for f in text_string_to_metric_families(text)}
    assert kinds["quizserver_phones_online"] == "gauge"
    assert kinds["quizserver_answers"] == "counter"
