import gc

import pytest

from asl_core.frame_speller import StreamReader
from asl_core.live.device_visits import DeviceClock, DeviceModel, DeviceVisits
from asl_core.live.visit import LiveVisit

MODEL = DeviceModel(("A", "B", "J"), "0" * 64)


@pytest.fixture
def visit(colour_pipeline):
    return LiveVisit(lambda _: StreamReader(colour_pipeline), 0.5)


def test_a_token_leads_to_its_own_visit_alone(visit, colour_pipeline):
    visits = DeviceVisits()
    other = LiveVisit(lambda _: StreamReader(colour_pipeline), 0.5)
    mine, theirs = visits.admit(visit, MODEL), visits.admit(other, MODEL)
    assert mine.token != theirs.token
    assert len(mine.token) >= 32
    assert visits.find(mine.token).visit is visit
    assert visits.find(theirs.token).visit is other
    assert visits.find("guessed") is None


def test_a_visit_that_nobody_keeps_is_forgotten(visit):
    visits = DeviceVisits()
    token = visits.admit(visit, MODEL).token
    gc.collect()
    assert visits.find(token) is None
    assert len(visits) == 0


def test_frames_count_when_they_were_taken_not_when_they_came():
    clock = DeviceClock()
    assert clock.visit_time(100.0, now_s=5.0) == 5.0
    assert clock.visit_time(100.033, now_s=5.2) == pytest.approx(5.033)
    assert clock.visit_time(100.066, now_s=5.21) == pytest.approx(5.066)


@pytest.mark.parametrize(("device_s", "now_s"), [(101.0, 9.0), (109.0, 6.0)], ids=["late", "early"])
def test_clocks_that_drift_apart_are_set_anew(device_s, now_s):
    clock = DeviceClock()
    clock.visit_time(100.0, now_s=5.0)
    assert clock.visit_time(device_s, now_s) == now_s
    assert clock.visit_time(device_s + 0.03, now_s + 0.04) == pytest.approx(now_s + 0.03)
