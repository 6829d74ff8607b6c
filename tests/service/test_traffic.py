import json
import re
from pathlib import Path
from types import SimpleNamespace

from asl_core.service.traffic import Traffic

DASHBOARD = Path(__file__).parents[2] / "deploy/grafana.json"


def figures(client):
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        name: float(value)
        for name, value in re.findall(r"^(asl_\S+) (\S+)$", answer.text, re.MULTILINE)
    }


def test_requests_are_counted_by_route_and_status(client, data_url):
    client.post("/predict", json={"image": data_url()})
    client.post("/predict", json={"image": data_url(0)})
    client.post("/predict", json={})
    client.get("/healthz")
    seen = figures(client)
    assert seen['asl_requests_total{method="POST",route="/predict",status="200"}'] == 2
    assert seen['asl_requests_total{method="POST",route="/predict",status="400"}'] == 1
    assert seen['asl_requests_total{method="GET",route="/healthz",status="200"}'] == 1
    assert seen['asl_request_seconds_count{route="/predict"}'] == 3
    assert seen['asl_rejected_total{reason="no_image"}'] == 1
    assert seen['asl_pictures_total{hand="yes"}'] == 1
    assert seen['asl_pictures_total{hand="no"}'] == 1
    assert seen["asl_ready"] == 1
    assert seen["asl_queue_length"] == 0
    assert seen["asl_retried_pictures"] == 0
    assert seen["asl_requests_in_flight"] == 1  # the request for these figures
    for stage in ("wait", "decode", "detect", "classify"):
        assert seen[f'asl_stage_seconds_count{{stage="{stage}"}}'] == 2


def test_a_breakdown_counts_as_500(client, data_url):
    client.post("/predict", json={"image": data_url(13)})
    assert figures(client)['asl_requests_total{method="POST",route="/predict",status="500"}'] == 1


def test_strangers_make_no_new_series(client):
    for number in range(5):
        client.request(f"MADEUP{number}", f"/nowhere/{number}")
    seen = figures(client)
    assert seen['asl_requests_total{method="other",route="other",status="404"}'] == 5
    assert not any("nowhere" in name or "MADEUP" in name for name in seen)


def test_services_do_not_share_their_counts(start):
    first, second = start(), start()
    first.get("/healthz")
    assert not any("/healthz" in name for name in figures(second))


def live(visitors=2):
    return SimpleNamespace(
        visitors=visitors,
        troubled=1,
        frames_per_second=55.0,
        dropped=7,
        stage_ms={"detect": 9.5, "classify": 3.0} if visitors else {},
    )


def test_live_figures_are_those_of_the_moment():
    traffic, now = Traffic(), [live()]
    traffic.watch_live(lambda: now[0])
    text = traffic.as_text().decode()
    assert "asl_live_visitors 2.0" in text
    assert "asl_live_troubled_visitors 1.0" in text
    assert "asl_live_frames_per_second 55.0" in text
    assert "asl_live_dropped_frames 7.0" in text
    assert 'asl_live_stage_seconds{stage="detect"} 0.0095' in text
    now[0] = live(visitors=0)
    text = traffic.as_text().decode()
    assert "asl_live_visitors 0.0" in text
    assert "asl_live_stage_seconds{" not in text


def test_every_figure_of_the_dashboard_is_one_that_the_service_tells(client, data_url):
    client.post("/predict", json={"image": data_url()})
    client.post("/predict", json={})
    client.service.traffic.swaps.labels("done")
    traffic = Traffic()
    traffic.watch_live(live)
    told = client.get("/metrics").text + traffic.as_text().decode()
    names = set(re.findall(r"^([a-z_]+)[ {]", told, re.MULTILINE))
    dashboard = json.loads(DASHBOARD.read_text("utf-8"))
    asked = {
        name
        for panel in dashboard["panels"]
        for target in panel["targets"]
        for name in re.findall(r"\b(?:asl|process)_[a-z_]+", target["expr"])
    }
    assert len(asked) > 10
    assert asked <= names
