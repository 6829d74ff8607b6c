"""What a visitor's frames tell: the lag from the camera to the screen."""

from benchmarks.live_visitor import lag_of


def test_the_lag_is_from_the_last_time_that_the_camera_gave_the_frame():
    camera = [(0.0, 7), (100.0, 8), (200.0, 9)]
    lag = lag_of(camera, [(350.0, 7), (400.0, 8)], clip_seconds=20)
    assert lag is not None
    assert (lag.p50_ms, lag.frames) == (325.0, 2)


def test_a_frame_that_was_missed_is_not_taken_for_that_of_the_film_s_last_round():
    camera = [(0.0, 7), (100.0, 8), (20_000.0, 7)]
    lag = lag_of(camera, [(20_300.0, 7), (20_400.0, 8)], clip_seconds=20)
    assert lag is not None
    assert (lag.p50_ms, lag.p95_ms, lag.frames) == (300.0, 300.0, 1)


def test_without_a_common_frame_there_is_no_lag():
    assert lag_of([(0.0, None), (10.0, 3)], [(5.0, 4)], clip_seconds=20) is None
