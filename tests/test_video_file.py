"""Video files of every kind: made here with PyAV, then damaged."""

import re
import struct
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from asl_core.errors import VideoError
from asl_core.video_file import LONGEST_SIDE, VideoLimits, open_video

KINDS = {
    "mp4": ("a.mp4", "libx264"),
    "mov": ("a.mov", "libx264"),
    "webm": ("a.webm", "libvpx"),
    "mkv": ("a.mkv", "libx264"),
    "avi": ("a.avi", "mpeg4"),
}


def write_video(
    path, times_ms, codec="libx264", size=(160, 120), sound=False, options=None, green=False
):
    """Write a video whose upper left quarter is red, with one frame at each time.

    With `green` the quarter right of it is green.
    """
    container = av.open(str(path), "w", options=options or {})
    stream = container.add_stream(codec, rate=30)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    stream.codec_context.time_base = Fraction(1, 1000)
    stream.options = {"bf": "0"} if codec == "libx264" else {}
    voice = container.add_stream("aac", rate=8000, layout="mono") if sound else None
    picture = np.full((size[1], size[0], 3), 40, np.uint8)
    picture[: size[1] // 2, : size[0] // 2] = (220, 30, 30)
    if green:
        picture[: size[1] // 2, size[0] // 2 :] = (30, 200, 30)
    for time_ms in times_ms:
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts, frame.time_base = time_ms, Fraction(1, 1000)
        container.mux(stream.encode(frame))
    container.mux(stream.encode())
    if voice is not None:
        quiet = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.float32), "fltp", "mono")
        quiet.sample_rate = 8000
        container.mux(voice.encode(quiet))
        container.mux(voice.encode())
    container.close()
    return path


def steady(seconds, fps):
    return [round(i * 1000 / fps) for i in range(round(seconds * fps))]


def read(path, **limits):
    with open_video(path, limits=VideoLimits(**limits)) as video:
        frames = list(video.frames())
        return frames, video


def cut(path: Path, share: float) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


@pytest.mark.parametrize(("name", "codec"), KINDS.values(), ids=KINDS)
def test_each_kind_gives_its_pictures_and_times(tmp_path, name, codec):
    path = tmp_path / name
    container = av.open(str(path), "w")
    stream = container.add_stream(codec, rate=20)
    stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
    for _ in range(20):
        picture = np.full((120, 160, 3), (220, 30, 30), np.uint8)
        container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
    container.mux(stream.encode())
    container.close()
    frames, video = read(path)
    assert [frame.time_s for frame in frames] == pytest.approx(np.arange(20) / 20, abs=0.002)
    assert frames[7].picture.shape == (120, 160, 3)
    assert frames[7].picture.dtype == np.uint8
    assert np.abs(frames[7].picture.astype(int) - (220, 30, 30)).max() < 25
    assert video.duration_s == pytest.approx(1.0, abs=0.06)
    assert video.shortfall is None


def test_a_variable_frame_rate_keeps_its_times(tmp_path):
    times_ms = [0, 40, 200, 240, 900, 950, 1500]
    frames, _ = read(write_video(tmp_path / "a.mkv", times_ms))
    assert [round(frame.time_s * 1000) for frame in frames] == times_ms


def test_frames_above_thirty_a_second_are_left_out(tmp_path):
    frames, _ = read(write_video(tmp_path / "a.mkv", steady(1, 120)))
    steps = np.diff([frame.time_s for frame in frames])
    assert 28 <= len(frames) <= 34
    assert steps.min() >= 0.03 - 1e-6


def test_thirty_a_second_stay_complete(tmp_path):
    assert len(read(write_video(tmp_path / "a.mkv", steady(1, 30)))[0]) == 30


def set_matrix(path, a, b, c, d):
    """Write a display matrix into the box `tkhd`, version 0: ISO/IEC 14496-12, 8.3.2."""
    data = path.read_bytes()
    place = data.index(b"tkhd") + 4 + 40
    values = [round(value * 65536) for value in (a, b, c, d)]
    turned = struct.pack(">9i", *values[:2], 0, *values[2:], 0, 0, 0, 1 << 30)
    path.write_bytes(data[:place] + turned + data[place + 36 :])
    return path


# a, b, c, d -> where the red upper left quarter is seen, and where the green one right of it.
MATRICES = {
    "as it is": ((1, 0, 0, 1), (0, 0), (0, 1)),
    "mirrored": ((-1, 0, 0, 1), (0, 1), (0, 0)),
    "upside down": ((-1, 0, 0, -1), (1, 1), (1, 0)),
    "mirrored upside down": ((1, 0, 0, -1), (1, 0), (1, 1)),
    "transposed": ((0, 1, 1, 0), (0, 0), (1, 0)),
    "phone upright": ((0, 1, -1, 0), (0, 1), (1, 1)),
    "transposed the other way": ((0, -1, -1, 0), (1, 1), (0, 1)),
    "phone turned the other way": ((0, -1, 1, 0), (1, 0), (0, 0)),
    "mirrored and larger": ((-2, 0, 0, 2), (0, 1), (0, 0)),
    "mirrored, a little oblique": ((-0.98, 0.17, 0.17, 0.98), (0, 1), (0, 0)),
}


@pytest.mark.parametrize("ending", ["mp4", "mov"])
@pytest.mark.parametrize(("matrix", "red_at", "green_at"), MATRICES.values(), ids=MATRICES)
def test_each_display_matrix_is_honoured(tmp_path, ending, matrix, red_at, green_at):
    path = set_matrix(write_video(tmp_path / f"a.{ending}", steady(0.3, 30), green=True), *matrix)
    picture = read(path)[0][0].picture
    assert picture.shape == ((120, 160, 3) if matrix[0] else (160, 120, 3))
    rows, columns = picture.shape[0] // 4, picture.shape[1] // 4
    quarters = [(row, column) for row in (0, 1) for column in (0, 1)]
    seen = {(r, c): picture[rows * (1 + 2 * r), columns * (1 + 2 * c)] for r, c in quarters}
    assert max(seen, key=lambda place: int(seen[place][0]) - int(seen[place][1])) == red_at
    assert max(seen, key=lambda place: int(seen[place][1]) - int(seen[place][0])) == green_at


def test_a_large_picture_is_reduced_unstretched(tmp_path):
    frames, _ = read(write_video(tmp_path / "a.mp4", [0], size=(1920, 1080)))
    assert frames[0].picture.shape == (540, LONGEST_SIDE, 3)


JOINED = {
    "TS": ("ts", "libx264"),
    "WebM": ("webm", "libvpx"),
    "MKV": ("mkv", "libx264"),
    "AVI": ("avi", "mpeg4"),
    "MPEG-PS": ("mpg", "mpeg1video"),
    "MPEG-PS, H.264": ("mpg", "libx264"),
    "Ogg": ("ogv", "libvpx"),
}


def at_rate(path, codec, count=25, rate=25):
    kind = "ogg" if path.suffix == ".ogv" else None
    with av.open(str(path), "w", format=kind) as container:
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for number in range(count):
            picture = np.full((120, 160, 3), number * 9, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ending", "codec", "parts"),
    [(*kind, 2) for kind in JOINED.values()]
    + [(*JOINED[name], 3) for name in ("TS", "AVI", "MPEG-PS", "MPEG-PS, H.264", "Ogg")],
)
def test_joined_recordings_are_read_to_their_end(tmp_path, ending, codec, parts):
    path = at_rate(tmp_path / f"a.{ending}", codec)
    path.write_bytes(path.read_bytes() * parts)
    frames, video = read(path)
    assert len(frames) == 25 * parts
    steps = np.diff([frame.time_s for frame in frames])
    assert steps == pytest.approx(0.04, abs=0.005)
    assert video.shortfall is None


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["webm", "mkv"])
@pytest.mark.parametrize("parts", [3, 5])
def test_recordings_behind_the_second_are_told(tmp_path, ending, parts):
    """FFmpeg's reader of Matroska stops after two."""
    path = at_rate(tmp_path / f"a.{ending}", "libvpx" if ending == "webm" else "libx264")
    path.write_bytes(path.read_bytes() * parts)
    frames, video = read(path)
    assert len(frames) == 50
    assert video.shortfall == (f"a.{ending} holds more than 2 recordings; the rest was not read.")


@pytest.mark.parametrize("ending", ["mp4", "mov", "flv"])
def test_a_second_recording_that_is_not_reached_is_told(tmp_path, ending):
    path = at_rate(tmp_path / f"a.{ending}", "flv1" if ending == "flv" else "libx264")
    path.write_bytes(path.read_bytes() * 2)
    frames, video = read(path)
    assert len(frames) == 25
    assert video.shortfall == (
        f"a.{ending} holds another recording behind the first; only the first was read."
    )


def with_sound(path, serial=0, sound=True):
    """Write an Ogg file of VP8 and, beside it, Opus; joined ones differ in their serial numbers."""
    options = {"serial_offset": str(serial)}
    with av.open(str(path), "w", format="ogg", options=options) as container:
        stream = container.add_stream("libvpx", rate=25)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        silence = container.add_stream("libopus", rate=48000, layout="mono") if sound else None
        for number in range(25):
            picture = np.full((120, 160, 3), number * 9, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
            if silence is not None:
                frame = av.AudioFrame.from_ndarray(
                    np.zeros((1, 1920), np.float32), format="flt", layout="mono"
                )
                frame.sample_rate, frame.pts = 48000, number * 1920
                container.mux(silence.encode(frame))
        container.mux(stream.encode())
        if silence is not None:
            container.mux(silence.encode())
    return path.read_bytes()


def test_of_a_joined_ogg_with_sound_it_is_told_where_reading_ended(tmp_path):
    """FFmpeg does not change the tracks of an Ogg file with several."""
    first, second = (with_sound(tmp_path / f"{n}.ogv", 100 * n) for n in range(2))
    path = tmp_path / "a.ogv"
    path.write_bytes(first + second)
    frames, video = read(path)
    assert 20 <= len(frames) <= 25
    assert re.fullmatch(
        r"a\.ogv is damaged or holds another recording after 0\.\d s; that was not read\.",
        video.shortfall or "",
    )


def test_a_track_that_begins_later_is_told_and_the_others_are_read(tmp_path):
    silent = with_sound(tmp_path / "1.ogv", sound=False)
    path = tmp_path / "a.ogv"
    path.write_bytes(silent + with_sound(tmp_path / "2.ogv", 100))
    frames, video = read(path)
    assert len(frames) == 50
    assert (
        video.shortfall == "a.ogv holds a track that begins after its start; that one was not read."
    )


def test_a_broadcast_clock_that_leaps_ahead_goes_on_where_it_was(tmp_path):
    first = write_video(tmp_path / "a.ts", steady(1, 25))
    later = write_video(tmp_path / "b.ts", [5_000_000 + time_ms for time_ms in steady(1, 25)])
    first.write_bytes(first.read_bytes() + later.read_bytes())
    frames, video = read(first, most_seconds=60)
    assert len(frames) == 50
    assert frames[-1].time_s == pytest.approx(1.96, abs=0.01)
    assert video.shortfall is None


def test_of_two_tracks_the_default_one_is_read(tmp_path):
    for default in (0, 1, None):
        path = tmp_path / f"{default}.mkv"
        with av.open(str(path), "w") as container:
            streams = [container.add_stream("libx264", rate=25) for _ in range(2)]
            for stream in streams:
                stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
                stream.disposition = av.stream.Disposition(0)
            if default is not None:
                streams[default].disposition = av.stream.Disposition.default
            for grey, stream in zip((50, 200), streams, strict=True):
                picture = np.full((120, 160, 3), grey, np.uint8)
                container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
                container.mux(stream.encode())
        seen = read(path)[0][0].picture.mean()
        assert seen == pytest.approx(200 if default == 1 else 50, abs=5), default


def test_each_frame_says_how_long_it_is_shown(tmp_path):
    frames, _ = read(write_video(tmp_path / "a.mp4", [0, 1500, 1540, 1580]))
    assert [frame.lasts_s for frame in frames[:3]] == pytest.approx([1.5, 0.04, 0.04], abs=0.002)
    assert 0 < frames[3].lasts_s <= 1.6


def test_a_frame_that_stays_is_not_left_out_for_coming_early(tmp_path):
    frames, _ = read(write_video(tmp_path / "a.mkv", [0, 10, 2000]))
    assert [round(frame.time_s, 2) for frame in frames] == [0, 0.01, 2.0]


def test_sound_is_ignored_though_it_lasts_longer(tmp_path):
    frames, video = read(write_video(tmp_path / "a.mp4", steady(0.3, 30), sound=True))
    assert len(frames) == 9
    assert video.duration_s == pytest.approx(1.0, abs=0.2)
    assert video.shortfall is None


CUT = {
    "webm": ("a.webm", "libvpx", {}),
    "mkv": ("a.mkv", "libx264", {}),
    "mp4 with its index first": ("a.mp4", "libx264", {"movflags": "faststart"}),
}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "codec", "options"), CUT.values(), ids=CUT)
def test_a_file_that_is_cut_short_keeps_what_was_read_and_says_so(tmp_path, name, codec, options):
    path = write_video(tmp_path / name, steady(3, 30), codec, options=options)
    frames, video = read(cut(path, 0.6))
    assert 10 < len(frames) < 90
    assert video.shortfall.startswith(f"{name} is cut short: ")
    assert video.shortfall.endswith(" of its 3.0 s could be read.")


def test_damage_in_the_middle_is_skipped_and_told(tmp_path):
    path = write_video(tmp_path / "a.mkv", steady(2, 30), "mpeg4")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 900] = b"\xa5" * 900
    path.write_bytes(data)
    frames, video = read(path)
    assert len(frames) > 20
    assert video.shortfall is not None
    assert "a.mkv is" in video.shortfall


def only_sound(path):
    container = av.open(str(path), "w")
    stream = container.add_stream("aac", rate=8000, layout="mono")
    frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
    frame.sample_rate = 8000
    container.mux(stream.encode(frame))
    container.mux(stream.encode())
    container.close()


FOREIGN = "is not a video that can be read (MP4, MOV, WebM, MKV, AVI), or it is damaged."
BAD = {
    "empty": (lambda path: path.write_bytes(b""), "x.mp4 is empty (0 bytes)."),
    "text": (lambda path: path.write_text("hello"), f"x.mp4 {FOREIGN}"),
    "a playlist of other files": (
        lambda path: path.write_text("#EXTM3U\n#EXTINF:1,\n/etc/hostname\n"),
        f"x.mp4 {FOREIGN}",
    ),
    "a list for concat": (
        lambda path: path.write_text("ffconcat version 1.0\nfile /etc/hostname\n"),
        f"x.mp4 {FOREIGN}",
    ),
    "cut before its index": (
        lambda path: cut(write_video(path, steady(1, 30)), 0.5),
        f"x.mp4 {FOREIGN}",
    ),
    "only sound": (only_sound, "x.mp4 holds no pictures, only sound or other data."),
    "missing": (lambda path: None, "x.mp4 does not exist."),
    "a folder": (lambda path: path.mkdir(), "x.mp4 is not a file."),
}


@pytest.mark.parametrize(("make", "sentence"), BAD.values(), ids=BAD)
def test_what_is_no_video_is_one_sentence(tmp_path, make, sentence):
    path = tmp_path / "x.mp4"
    make(path)
    with pytest.raises(VideoError) as caught:
        read(path)
    assert str(caught.value).endswith(sentence)
    assert "\n" not in str(caught.value)


def test_pictures_that_cannot_be_decoded_are_one_sentence(tmp_path):
    path = write_video(tmp_path / "x.mp4", steady(1, 30), options={"movflags": "faststart"})
    data = path.read_bytes()
    start = data.index(b"mdat") + 4
    path.write_bytes(data[:start] + b"\xff" * (len(data) - start))
    with pytest.raises(VideoError, match=r"x.mp4 is damaged or cut short: it holds no readable"):
        read(path)


def test_a_name_that_looks_like_a_protocol_is_a_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_video(tmp_path / "a.mkv", [0, 40]).rename(tmp_path / "concat:a.mkv")
    assert len(read(Path("concat:a.mkv"))[0]) == 2


def test_too_large_a_file_is_refused_with_its_size(tmp_path):
    path = write_video(tmp_path / "a.mkv", [0])
    with pytest.raises(VideoError, match=r"a.mkv has 0.0 MB, over the limit of 0 MB."):
        read(path, most_bytes=100)


def test_too_long_a_video_is_refused_with_its_length(tmp_path):
    path = write_video(tmp_path / "a.mp4", steady(2, 10))
    with pytest.raises(VideoError, match=r"a.mp4 is 1.9.? s long, over the limit of 1.5 s."):
        read(path, most_seconds=1.5)


@pytest.mark.slow
def test_a_long_video_that_hides_its_length_is_read_up_to_the_limit(tmp_path):
    # Recorders of browsers write such files.
    path = write_video(tmp_path / "a.webm", steady(2, 20), "libvpx", options={"live": "1"})
    frames, video = read(path, most_seconds=1.0)
    assert video.duration_s is None
    assert len(frames) == 21
    assert video.shortfall == "a.webm is longer than 1 s; what comes after that was not read."


def test_a_given_name_stands_in_sentences(tmp_path):
    path = tmp_path / "tmp123"
    path.write_text("hello")
    with pytest.raises(VideoError, match=r"^wave.mp4 is not a video"), open_video(path, "wave.mp4"):
        pass
