"""What the HTTP contract asks of what reads its pictures: threads here, or replicas elsewhere."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Protocol

from asl_core.public_reading import ReadingModel
from asl_core.service.reading_pool import State
from asl_core.service.timed_reading import TimedReading

if TYPE_CHECKING:
    from asl_core.letters.recognizer import LetterRecognizer


class PicturePool(Protocol):
    """Reads pictures off the event loop; `ReadingPool` says what each member promises."""

    on_failure: Callable[[], None]

    def start(self) -> None:
        """Begin to load the model, unless that was begun before."""

    def close(self) -> None:
        """Let what is being read finish, and end."""

    def submit(self, data: bytes) -> "Future[TimedReading]":
        """Queue an encoded picture, or refuse it with an error of the pool."""

    def renew(self, open_recognizer: "Callable[[], LetterRecognizer]") -> "LetterRecognizer":
        """Read with another model from now on."""

    @property
    def state(self) -> State:
        """Where the pool is in its life."""

    @property
    def recognizer(self) -> ReadingModel:
        """The model that reads, as far as an answer names it."""

    @property
    def failure(self) -> Exception | None:
        """Why the model could not be loaded."""

    @property
    def retried(self) -> int:
        """How many pictures a second reader got, as the first one ended."""

    @property
    def waiting(self) -> int:
        """How many pictures wait."""
