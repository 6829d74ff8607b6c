from asl_core.records.json_file import build, read_json
from benchmarks import scale_page
from benchmarks.scale_page import bulk_parts, is_flat, kill_sentence, service_parts, spread_out
from benchmarks.scale_report import (
    BULK_FILE,
    PAGE_FILE,
    SERVICE_FILE,
    BulkMoment,
    BulkReport,
    EngineLoad,
    KilledReplica,
    ScaleOrigin,
    ScaleReport,
)

ORIGIN = ScaleOrigin("python -m x", "2026-11-26 19:00 UTC", "Some CPU", 2, 1.5, "2.60.0")
KILLED = KilledReplica(30.2, 15.0, 200, 195, 5, 0, 3, 11.6)


def moments(memory, until=1500, start=0):
    return [BulkMoment(n / 10, n, memory(n), 9) for n in range(start, until, 50)]


def bulk(*both):
    first, second = both
    return BulkReport(ORIGIN, 3000, 2, 500.0, 1500, 1500, 3000, 3000, 1, (*first, *second))


def test_the_service_is_a_table():
    load = EngineLoad("Ray, 1 replica", 30.1, 240, 7.97, 490.4, 800, 900, {"200": 240}, 239)
    _, told, table, _ = service_parts(ScaleReport(ORIGIN, 4, (load,), KILLED))
    assert "load average 1.5 before the start, Ray 2.60.0. 4 clients at once for 30 s" in told
    assert "| Ray, 1 replica | 240 x 200 | 239 | **8.0** | 490 ms | 800 ms | 900 ms |" in table


def test_a_kill_is_told():
    assert "Of 200 requests 195 were answered" in kill_sentence(KILLED)
    assert "5 with 503 and Retry-After, and none was lost. Two replicas ran again after 12 s." in (
        kill_sentence(KILLED)
    )
    worse = KilledReplica(30.2, 15.0, 200, 195, 4, 1, 3, None)
    assert "**1 were lost**. **Two replicas did not run again in time.**" in kill_sentence(worse)


def test_flat_memory_is_called_flat_and_a_leak_is_not():
    flat = bulk(moments(lambda n: 900.0), moments(lambda n: 920.0, 3050, 1500))
    assert "Until the kill: 900 MiB, at most 900 MiB later: flat." in bulk_parts(flat)[-1]
    leak = bulk(moments(lambda n: 900.0 + n / 4), moments(lambda n: 920.0, 3050, 1500))
    assert "later: **not flat**. After it: 920 MiB" in bulk_parts(leak)[-1]
    assert not is_flat([BulkMoment(0, 0, 100, 1), *[BulkMoment(1, 1, 120, 1)] * 4])


def test_few_rows_tell_of_many_moments():
    many = moments(lambda n: 900.0)
    chosen = spread_out(many, 5)
    assert len(chosen) == 5
    assert (chosen[0], chosen[-1]) == (many[0], many[-1])


def test_only_what_is_below_the_mark_is_written(tmp_path, monkeypatch):
    page = tmp_path / "scale.md"
    page.write_text("# Mine\n\n<!-- measured -->\noutdated\n")
    monkeypatch.setattr(scale_page, "PAGE_FILE", page)
    scale_page.write_page()
    text = page.read_text()
    assert text.startswith("# Mine\n\n<!-- measured -->\n\n## Measured\n")
    assert "outdated" not in text


def test_the_page_holds_what_was_measured():
    text = PAGE_FILE.read_text(encoding="utf-8")
    service = build(ScaleReport, read_json(SERVICE_FILE))
    for part in (*service_parts(service), *bulk_parts(build(BulkReport, read_json(BULK_FILE)))):
        assert part in text
    assert service.killed.lost == 0
