"""Which visitor a browser's socket belongs to: visits by an unguessable token, in this process."""

import secrets
import threading
import weakref
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from asl_core.live.camera import LiveMarks
    from asl_core.live.device_frame import DeviceFrame

TOKEN_BYTES = 24


class FeedableVisit(Protocol):
    """Who takes what a browser finds in its frames: a LiveVisit, or a LessonVisit; thread-safe."""

    @property
    def now_s(self) -> float:
        """Seconds of the visit's own clock."""

    @property
    def error(self) -> str | None:
        """What went wrong last, in one sentence; None where all is well."""

    @property
    def is_quick(self) -> bool:
        """Whether a frame takes about a millisecond: a thread of its own would cost as much."""

    def on_device_frame(self, seen: "DeviceFrame", time_s: float) -> "LiveMarks | None":
        """Take one frame and return what the browser shall draw; None where it is not read."""

    def end_device(self) -> None:
        """Free what the browser's camera needed, unless frames come from elsewhere by now."""


@dataclass(frozen=True)
class DeviceModel:
    """The model that a visit's browser must read with.

    `classes` is its class order, `digest` the SHA-256 of its file for browsers, `feature_count` how
    many features it gives by which hands are compared, 0 where it gives none.
    """

    classes: tuple[str, ...]
    digest: str
    feature_count: int = 0


Visit = TypeVar("Visit", bound=FeedableVisit)
Visit_co = TypeVar("Visit_co", bound=FeedableVisit, covariant=True)


@dataclass(frozen=True, eq=False)
class DeviceVisit(Generic[Visit_co]):
    """A visit that a socket may feed, and the key to it.

    With `compares_hands` the browser also sends the model's features of the hand.
    """

    token: str
    model: DeviceModel
    visit: Visit_co = field(repr=False)
    compares_hands: bool = False

    @property
    def feature_count(self) -> int:
        """How many features a message about a hand holds."""
        return self.model.feature_count if self.compares_hands else 0


class DeviceVisits:
    """The visits of this process whose browsers read their own cameras; thread-safe.

    It keeps none alive: a visit is known as long as whoever admitted it keeps what `admit` gave.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_token: weakref.WeakValueDictionary[str, DeviceVisit[FeedableVisit]] = (
            weakref.WeakValueDictionary()
        )

    def admit(
        self, visit: Visit, model: DeviceModel, compares_hands: bool = False
    ) -> DeviceVisit[Visit]:
        """Make a new token for a visit; a session keeps the result as long as the token holds."""
        admitted = DeviceVisit(secrets.token_urlsafe(TOKEN_BYTES), model, visit, compares_hands)
        with self._lock:
            self._by_token[admitted.token] = admitted
        return admitted

    def find(self, token: str) -> DeviceVisit[FeedableVisit] | None:
        """Return the visit of a token, None where there is none any more."""
        with self._lock:
            return self._by_token.get(token)

    def __len__(self) -> int:
        return len(self._by_token)


class DeviceClock:
    """Translates a browser's clock into a visit's; not thread-safe.

    The two run at one speed, as far as they go: a frame counts at the time when the camera took it
    and not when its message came, which a busy network spreads. Where they drift apart by more
    than `MOST_DRIFT_S`, as after a pause of the device, they are set anew.
    """

    MOST_DRIFT_S = 1.0

    def __init__(self) -> None:
        self._offset_s: float | None = None

    def visit_time(self, device_s: float, now_s: float) -> float:
        """Return when a frame of `device_s` was taken, in the clock whose time is `now_s` now."""
        if self._offset_s is None or not 0 <= now_s - device_s - self._offset_s < self.MOST_DRIFT_S:
            self._offset_s = now_s - device_s
        return device_s + self._offset_s
