"""What the benchmarks of the camera that browsers read found, as it is kept."""

from dataclasses import dataclass
from pathlib import Path

from asl_core.records.json_file import JsonRecord

RESULTS = Path(__file__).parent / "results"
LOAD_FILE = RESULTS / "device-load.json"
PARITY_FILE = RESULTS / "device-parity.json"
BROWSER_FILE = RESULTS / "device-browser.json"
LANDMARKS_FILE = RESULTS / "device-landmarks.json"


@dataclass(frozen=True)
class VisitorShare:
    """One simulated visitor: answers that came, and their times from the moment a frame was due."""

    answers: int
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True)
class LoadReport(JsonRecord):
    """How a server bears visitors whose browsers read their own cameras.

    `due` counts the frames that all visitors were to send, `sent` those that they sent: a browser
    leaves frames out while it is owed as many answers as the server allows. `server_cores` and
    `client_cores` are processor seconds for each second. `memory_per_visitor_mb` is what the server
    grew by, from the first visitor to all. `load_average` is the machine's over one minute before
    the start.
    """

    command: str
    created: str
    processor: str
    cores: int
    load_average: float
    visitors: int
    rate: float
    seconds: float
    due: int
    sent: int
    p50_ms: float
    p95_ms: float
    p99_ms: float
    server_cores: float
    client_cores: float
    memory_per_visitor_mb: float
    message_bytes: int
    answer_bytes: int
    each: tuple[VisitorShare, ...]
    schema_version: int = 1


@dataclass(frozen=True)
class StageDifference:
    """How far one photo's numbers in the browser are from Python's.

    `landmarks` is the largest difference of x and y in 0-1 of the picture. `crop_levels` is the
    mean absolute difference of the crop's grey levels, from the same landmarks, `log_probabilities`
    the largest difference of the picture network's, from the same crop.
    """

    photo_id: str
    landmarks: float
    crop_levels: float
    log_probabilities: float


@dataclass(frozen=True)
class ParityReport(JsonRecord):
    """Photos that the browser's pipeline and Python's read, both in video mode.

    `both_found` counts those in which both find the hand, `same_letter` those of them with the same
    best letter. `examples` compare number by number.
    """

    command: str
    created: str
    run: str
    browser: str
    photo_set: str
    split: str
    photos: int
    found_by_browser: int
    found_by_python: int
    both_found: int
    same_letter: int
    right_in_browser: int
    right_in_python: int
    examples: tuple[StageDifference, ...]
    schema_version: int = 1


READ_SECONDS = 4.0
"""How long a person reads the page before they press Start."""


@dataclass(frozen=True)
class Lags:
    """From a frame's capture to its drawn answer, of all `frames` whose answer has a letter.

    `without_picture` counts those of them that were read without the picture network, and
    `rounds_p50_ms` are the medians of the single rounds. `detect_p50_ms` and `detect_p95_ms` are
    the hand detector's, `empty_p50_ms` is the lag of frames without a letter.
    """

    frames: int
    without_picture: int
    p50_ms: float
    p95_ms: float
    rounds_p50_ms: tuple[float, ...]
    detect_p50_ms: float
    detect_p95_ms: float
    empty_p50_ms: float
    fps: float


@dataclass(frozen=True)
class RealHands:
    """The lags where the film shows photos of real `signers`, each of whom spells `word`."""

    photo_set: str
    signers: tuple[str, ...]
    word: str
    seconds: float
    as_it_is: Lags
    every_picture: Lags


@dataclass(frozen=True)
class BrowserReport(JsonRecord):
    """One real browser that reads its own camera, beside the server on the same cores.

    `first_start_ms` and `second_start_ms` are from Start to the first frame, before and after the
    files are in the browser's cache, Start pressed at once; `read_start_ms` the same as the latter,
    where the page was read for READ_SECONDS before.

    `as_it_is` and `every_picture` are the lags as a visitor has them, and where each frame is read
    with its picture, as while one does not hold still, in natural spelling and with a taught hand.
    They were measured in turn, `seconds` at a time. `real_hands` are the same of photos, where
    there were any.
    """

    command: str
    created: str
    processor: str
    cores: int
    load_average: float
    browser: str
    first_start_ms: float
    second_start_ms: float
    read_start_ms: float
    seconds: float
    as_it_is: Lags
    every_picture: Lags
    server_cores: float
    browser_cores: float
    real_hands: tuple[RealHands, ...] = ()
    schema_version: int = 2


HELD_SECONDS, HELD_RATE = 1.2, 15
"""How long each hand is held, and how many frames a second a browser reads of it."""


@dataclass(frozen=True)
class LandmarksLevel:
    """The hands of which the landmark network alone is surer than `above`.

    `changed` counts those of which the picture would change the letter, `right_alone` and
    `right_fused` those that are right without and with it. `unsure_fused` counts those that both
    networks leave below the rejection threshold. `mean_difference` and `p95_difference` are of the
    two confidences, without the picture less with it, and of their size.
    """

    above: float
    hands: int
    changed: int
    right_alone: int
    right_fused: int
    unsure_fused: int
    mean_difference: float
    p95_difference: float


@dataclass(frozen=True)
class HeldHands:
    """The letters that were written where each of the hands was held before a camera.

    Of the hands `right` wrote their own letter, `wrong` another one, the others none; `frames` is
    how many they were shown in, `without_picture` how many of these were read without.
    """

    hands: int
    right: int
    wrong: int
    frames: int
    without_picture: int


@dataclass(frozen=True)
class LandmarksReport(JsonRecord):
    """When the landmark network suffices, by `hands` of validation photos.

    `temperature` is the landmark network's own, `suffices` the level chosen; of the signer for whom
    it does worst, `worst_changed` of `worst_hands` hands have another letter with the picture.
    `held` and `held_every_picture` are the hands of static letters held for HELD_SECONDS each, at
    HELD_RATE frames a second and with points that tremble, as a visitor's stream is read and where
    each frame is read with its picture; `held_otherwise` of them wrote not the same both ways.
    """

    command: str
    created: str
    run: str
    photo_set: str
    split: str
    hands: int
    right_fused: int
    temperature: float
    suffices: float
    worst_hands: int
    worst_changed: int
    held: HeldHands
    held_every_picture: HeldHands
    held_otherwise: int
    levels: tuple[LandmarksLevel, ...]
    schema_version: int = 1
