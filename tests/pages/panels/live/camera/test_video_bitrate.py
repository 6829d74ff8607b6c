import pytest


def test_both_sides_start_fast_enough(monkeypatch):
    codecs = pytest.importorskip("aiortc.codecs")
    from pages.panels.live.camera.webrtc_patches import hold_picture_size

    monkeypatch.setattr(codecs.vpx, "DEFAULT_BITRATE", 500_000)
    for _ in range(2):
        hold_picture_size()
    assert codecs.Vp8Encoder().target_bitrate == 1_500_000
    (vp8,) = (c for c in codecs.CODECS["video"] if c.mimeType == "video/VP8")
    assert vp8.parameters == {"x-google-start-bitrate": 1500}
