"""Writes docs/device-figures.md from what the benchmarks of the browser's own camera found."""

from pathlib import Path

from asl_core.records.training_run import SHIPPED_RUN, named_run
from asl_core.records.web_model import WEB_MODEL_FILE, WebModel, web_model_of
from benchmarks.device_report import (
    BROWSER_FILE,
    HELD_RATE,
    HELD_SECONDS,
    LANDMARKS_FILE,
    LOAD_FILE,
    PARITY_FILE,
    READ_SECONDS,
    BrowserReport,
    HeldHands,
    Lags,
    LandmarksReport,
    LoadReport,
    ParityReport,
    RealHands,
)
from benchmarks.live_report import REPORT_FILE, LiveReport, read_report

PAGE_FILE = Path(__file__).parents[1] / "docs" / "device-figures.md"
MOST_P95_MS, LEAST_AGREEMENT, MOST_MEMORY_MB = 50.0, 0.99, 5.0
"""What was aimed at: the slowest twentieth of answers, equal letters, memory of a visitor."""
MOST_LAG_MS, MOST_SECOND_START_MS = 80.0, 2000.0
"""What was aimed at in the browser: the median lag, and a start with the files in its cache."""
WEBRTC_SHARE = 1 / 20
"""Of the cores that a WebRTC visitor costs: so much was aimed at."""

_TOP = """# The camera that the browser reads: figures

Made by `benchmarks/device_page.py` from `benchmarks/results/device-load.json`,
`device-browser.json`, `device-landmarks.json`, `device-parity.json` and `live-speed.json` beside
it, and the shipped run's `web.json`; not written by hand. [device.md](device.md) tells what it is
and how it works.
"""


def write_page(page: Path = PAGE_FILE) -> None:
    """Write the page from the reports that are there."""
    run = named_run(SHIPPED_RUN).folder
    parts = [_TOP]
    if (run / WEB_MODEL_FILE).is_file():
        parts.append(_model(web_model_of(run)))
    if PARITY_FILE.is_file():
        parts.append(parity_part(ParityReport.load(PARITY_FILE)))
    if LANDMARKS_FILE.is_file():
        parts.append(landmarks_part(LandmarksReport.load(LANDMARKS_FILE)))
    if BROWSER_FILE.is_file():
        parts.append(browser_part(BrowserReport.load(BROWSER_FILE)))
    if LOAD_FILE.is_file():
        parts.append(load_part(LoadReport.load(LOAD_FILE), read_report(REPORT_FILE)))
    page.write_text("\n".join(parts), encoding="utf-8")


def _model(model: WebModel) -> str:
    parity = model.parity
    rows = [
        f"| {form.name} | {form.bytes / 1e6:.1f} MB | {form.accuracy:.2%} | "
        f"{form.same_answer:.2%} |"
        for form in parity.forms
    ]
    lines = [
        f"## The network for browsers\n\n    {model.command}\n",
        f"Of {parity.photos:,} validation crops float32 reads {parity.accuracy:.2%} right, beside "
        "the landmark network and with one look, as live video is read; the forms that were tried, "
        "the last one taken:\n",
        "| form | size | right | as float32 |",
        "| --- | ---: | ---: | ---: |",
        *rows,
    ]
    return "\n".join(lines) + "\n"


def parity_part(report: ParityReport) -> str:
    """Tell how many letters agree, and how far numbers are apart."""
    share = report.same_letter / max(1, report.both_found)
    verdict = "reached" if share >= LEAST_AGREEMENT else "**missed**"
    rows = [
        f"| {e.photo_id} | {e.landmarks:.4f} | {e.crop_levels:.3f} | {e.log_probabilities:.3f} |"
        for e in report.examples
    ]
    lines = [
        f"## Beside Python\n\n    {report.command}\n",
        f"{_when(report.created)}. {report.photos} photos of {report.photo_set}, {report.split}; "
        f"Chromium {report.browser}. The browser finds the hand in {report.found_by_browser}, "
        f"Python in {report.found_by_python}, both in {report.both_found}; of these "
        f"**{report.same_letter} ({share:.1%})** have the same best letter (aim "
        f"{LEAST_AGREEMENT:.0%}: {verdict}). Right are {report.right_in_browser} in the browser, "
        f"{report.right_in_python} in Python.\n",
        "Number by number: the largest difference of a landmark in shares of the picture; the mean "
        "difference of the crop in grey levels of 255, cut from the same landmarks; the largest "
        "difference of a log-probability, from the same crop.\n",
        "| photo | landmarks | crop | log-probabilities |",
        "| --- | ---: | ---: | ---: |",
        *rows,
    ]
    return "\n".join(lines) + "\n"


def browser_part(report: BrowserReport) -> str:
    """Tell how fast one real browser reads, and how soon it starts."""
    lines = [
        f"## In a real browser\n\n    {report.command}\n",
        f"{_when(report.created)}, {report.processor}, {report.cores} cores that server and "
        f"Chromium {report.browser} share, without a GPU; load average before the start "
        f"{report.load_average:g}. The lag counts all frames whose answer has a letter; the film's "
        "letters are held for 1.2 s each, as they are to be written. The other way, measured in "
        "turn with the first, each frame is read with its picture: so it is while nothing is held, "
        "in natural spelling and with a taught hand.\n",
        "| | as it is | each frame with its picture | aim |",
        "| --- | ---: | ---: | --- |",
        *_lag_rows(report.as_it_is, report.every_picture),
        "",
        "| | | aim |",
        "| --- | ---: | --- |",
        f"| first start, everything loaded | {report.first_start_ms / 1e3:.1f} s | |",
        f"| second start, from the cache | {report.second_start_ms / 1e3:.1f} s | "
        f"{_verdict(report.second_start_ms / 1e3, MOST_SECOND_START_MS / 1e3, 's')} |",
        f"| the same, once the page was read for {READ_SECONDS:g} s | "
        f"{report.read_start_ms / 1e3:.1f} s | |",
        f"| cores of the server | {report.server_cores:.3f} | |",
        f"| cores of the browser | {report.browser_cores:.2f} | |",
        *(line for hands in report.real_hands for line in _real_hands(hands)),
    ]
    return "\n".join(lines) + "\n"


def _real_hands(hands: RealHands) -> list[str]:
    return [
        "",
        f"The drawn hands of that film are clear. Where {len(hands.signers)} signers of "
        f"{hands.photo_set} ({', '.join(hands.signers)}; validation) spell {hands.word} by their "
        f"photos, for {hands.seconds:g} s each way:\n",
        "| | as it is | each frame with its picture | aim |",
        "| --- | ---: | ---: | --- |",
        *_lag_rows(hands.as_it_is, hands.every_picture),
    ]


def _lag_rows(as_it_is: Lags, every_picture: Lags) -> list[str]:
    """Tell of both ways side by side."""
    ways = (as_it_is, every_picture)
    aim = _verdict(as_it_is.p50_ms, MOST_LAG_MS, "ms")
    other = "reached" if every_picture.p50_ms < MOST_LAG_MS else "**missed**"
    rows = {
        "from capture to the drawn letter, median": [f"{lags.p50_ms:.0f} ms" for lags in ways],
        "medians of the rounds": [
            ", ".join(f"{median:.0f}" for median in lags.rounds_p50_ms) + " ms" for lags in ways
        ],
        "95 % within": [f"{lags.p95_ms:.0f} ms" for lags in ways],
        "frames with a letter": [f"{lags.frames}" for lags in ways],
        "of them without the picture": [
            f"{lags.without_picture / lags.frames:.0%}" for lags in ways
        ],
        "finding the hand, median": [f"{lags.detect_p50_ms:.0f} ms" for lags in ways],
        "finding the hand, 95 % within": [f"{lags.detect_p95_ms:.0f} ms" for lags in ways],
        "without a letter, median": [f"{lags.empty_p50_ms:.0f} ms" for lags in ways],
        "frames read in a second": [f"{lags.fps:.1f}" for lags in ways],
    }
    aims = [f"{aim}; with each picture {other}"] + [""] * len(rows)
    return [
        f"| {name} | {' | '.join(values)} | {aim} |"
        for (name, values), aim in zip(rows.items(), aims, strict=False)
    ]


def landmarks_part(report: LandmarksReport) -> str:
    """Tell of which hands the picture is left out, and what that changes."""
    rows = [
        f"| {_bold(f'{level.above:.2f}', level.above == report.suffices)} "
        f"| {level.hands:,} ({level.hands / report.hands:.1%}) "
        f"| {level.changed} ({_share(level.changed, level.hands)}) "
        f"| {level.right_alone:,} / {level.right_fused:,} "
        f"| {level.unsure_fused} ({_share(level.unsure_fused, level.hands)}) "
        f"| {level.mean_difference:+.3f} | {level.p95_difference:.3f} |"
        for level in report.levels
    ]
    without = report.held.without_picture / report.held.frames
    lines = [
        f"## When the landmarks suffice\n\n    {report.command}\n",
        f"Of {report.hands:,} hands in photos of {report.split}, {report.right_fused:,} are read "
        "right by both networks. Above a confidence of the landmark network alone (temperature "
        f"{report.temperature:g}): how many hands that are, how many of them have another letter "
        "with the picture, how many are right without and with it, how many both networks together "
        "leave below the rejection threshold, and how the confidence without the picture differs "
        f"from that with it. A stream leaves the picture out above **{report.suffices:g}**; of the "
        f"signer for whom that does worst {report.worst_changed} of {report.worst_hands} hands "
        "change.\n",
        "| above | hands | another letter | right without / with | unsure with it "
        "| difference, mean | size of 95 % within |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        *rows,
        "",
        f"Each of {report.held.hands:,} hands of static letters, held before a camera for "
        f"{HELD_SECONDS:g} s at {HELD_RATE} frames a second with points that tremble by a "
        f"hundredth of the hand: {_written(report.held)}; of the frames {without:.0%} are read "
        f"without the picture. With each picture: {_written(report.held_every_picture)}. "
        f"{report.held_otherwise} hands do not write the same both ways.",
    ]
    return "\n".join(lines) + "\n"


def _written(held: HeldHands) -> str:
    none = held.hands - held.right - held.wrong
    return f"{held.right:,} write their letter, {held.wrong} another one, {none} none"


def _bold(text: str, is_bold: bool) -> str:
    return f"**{text}**" if is_bold else text


def _share(count: int, whole: int) -> str:
    return f"{count / max(whole, 1):.2%}"


def load_part(report: LoadReport, live: LiveReport) -> str:
    """Tell how many visitors a server bears, beside WebRTC."""
    cores = report.server_cores / report.visitors
    slowest = max(share.p95_ms for share in report.each)
    fewest, most = (f([share.answers for share in report.each]) for f in (min, max))
    lines = [
        f"## Many visitors\n\n    {report.command}\n",
        f"{_when(report.created)}, {report.processor}, {report.cores} cores that server and "
        f"visitors share; load average before the start {report.load_average:g}. "
        f"{report.visitors} simulated visitors, {report.rate:g} frames a second each, for "
        f"{report.seconds:g} s; a message has at most {report.message_bytes} bytes, an answer "
        f"{report.answer_bytes}.\n",
        "| | | aim |\n| --- | ---: | --- |",
        f"| answer after, median | {report.p50_ms:.1f} ms | |",
        f"| 95 % within | {report.p95_ms:.1f} ms | {_verdict(report.p95_ms, MOST_P95_MS, 'ms')} |",
        f"| 99 % within | {report.p99_ms:.1f} ms | |",
        f"| 95 % within, the visitor served worst | {slowest:.1f} ms | |",
        f"| frames answered, fewest and most of a visitor | {fewest} to {most} | |",
        f"| frames sent of those due | {report.sent / report.due:.1%} | |",
        f"| memory for each visitor | {report.memory_per_visitor_mb:.1f} MB | "
        f"{_verdict(report.memory_per_visitor_mb, MOST_MEMORY_MB, 'MB')} |",
        f"| cores of the server for each visitor | {cores:.4f} | {_beside_webrtc(cores, live)} |",
    ]
    return "\n".join(lines) + "\n"


def _beside_webrtc(cores: float, live: LiveReport) -> str:
    if live.speed is None:
        return ""
    webrtc = next(r for r in live.speed.rounds if len(r.visitors) == 1).server_cores
    share = cores / webrtc
    verdict = "reached" if share <= WEBRTC_SHARE else "**missed**"
    return f"a twentieth of WebRTC's {webrtc:g}: {verdict}, 1/{1 / share:.0f}"


def _verdict(value: float, most: float, unit: str) -> str:
    return f"under {most:g} {unit}: " + ("reached" if value < most else "**missed**")


def _when(created: str) -> str:
    return f"{created[:10]} {created[11:16]} UTC"


if __name__ == "__main__":
    write_page()
