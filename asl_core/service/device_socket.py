"""The socket on which a visitor's browser tells what it finds in its camera's frames.

The first message is a text, the `Hello`; each further one is bytes about one frame
(`live/device_message.py`) or a `Command`. Each frame is answered, so that a browser never sends
faster than it is served. Whoever sends anything else is closed with a code and one sentence.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from starlette.websockets import WebSocket, WebSocketDisconnect

from asl_core.errors import AslError, DeviceMessageError, ModelFileError
from asl_core.live.camera import SHOWN_LETTERS
from asl_core.live.device_frame import DeviceFrame
from asl_core.live.device_message import (
    DEVICE_SCHEMA,
    DeviceAnswer,
    answer_of,
    read_frame,
)
from asl_core.live.device_visits import DeviceClock, DeviceVisit, DeviceVisits, FeedableVisit
from asl_core.live.picture_need import PictureNeed
from asl_core.live.spelling_speed import NaturalSource, spell_at
from asl_core.live.visit import LiveVisit
from asl_core.service.device_exchange import (
    BAD_MESSAGE,
    BROKEN,
    LONGEST_WORDS,
    OLD_PAGE,
    TAKEN_OVER,
    TOO_FAST,
    TOO_MANY_SOCKETS,
    UNKNOWN_VISIT,
    ClosingError,
    Command,
    Hello,
    close,
    parsed,
    receive,
)
from asl_core.service.loop_lag import LoopLag
from asl_core.service.rate_limit import RateLimit, client_key
from asl_core.spelling.transcript import Transcript

FRAMES_PER_SECOND, FRAMES_AT_ONCE = 40, 80
"""What a socket may send on average and at once; browsers send at most 30 frames a second."""

GREETINGS_PER_SECOND, GREETINGS_AT_ONCE = 2, 40
"""How often one address may open a socket."""

BUSY_LAG_S = 0.004
"""Where the event loop is later than this, frames queue up: a browser then waits for each answer
before it sends the next frame. Two at once are for the way between, which takes no time here."""

MOST_SOCKETS = 256
HELLO_SECONDS = 10.0
IDLE_SECONDS = 120.0
"""A browser whose page is hidden sends nothing; after this long its socket is closed."""

_THREADS = 2

_log = logging.getLogger(__name__)

Done = TypeVar("Done")


OpenVisit = Callable[[], DeviceVisit[LiveVisit]]
"""Opens a visit for a browser without a page of the dashboard; may take seconds to load a model."""


@dataclass
class _Session:
    """One socket that has said hello."""

    socket: WebSocket
    device: DeviceVisit[FeedableVisit]
    own: LiveVisit | None
    """The visit, where the browser is its own page: it then is told the words, and changes them."""
    clock: DeviceClock = field(default_factory=DeviceClock)
    need: PictureNeed = field(default_factory=PictureNeed)
    before: DeviceFrame | None = None
    transcript: Transcript | None = None
    """What the browser was told last."""


class DeviceSockets:
    """All sockets of a process; it lives on the event loop.

    A frame is answered there; what takes longer is done in two threads beside it.
    """

    def __init__(
        self,
        visits: DeviceVisits,
        open_visit: OpenVisit,
        natural: NaturalSource,
        proxies: Sequence[str] = (),
    ) -> None:
        """`proxies` are the addresses whose X-Forwarded-For is believed."""
        self._visits = visits
        self._open_visit, self._natural = open_visit, natural
        self._open: dict[str, WebSocket] = {}
        self._count = 0
        self._proxies = proxies
        self._limit = RateLimit(FRAMES_PER_SECOND, FRAMES_AT_ONCE)
        self._greetings = RateLimit(GREETINGS_PER_SECOND, GREETINGS_AT_ONCE)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="asl-device")
        self._lag = LoopLag()

    async def serve(self, socket: WebSocket) -> None:
        """Serve a socket from its opening to its end; never raises."""
        await socket.accept()
        self._count += 1
        self._lag.start()
        session: _Session | None = None
        try:
            if self._count > MOST_SOCKETS:
                raise ClosingError(TOO_MANY_SOCKETS, "Too many cameras are open; try again later.")
            if self._greetings.seconds_to_wait(self._client(socket)) > 0:
                raise ClosingError(TOO_FAST, "Too many cameras were opened from this address.")
            session = await self._greet(socket)
            await self._serve_frames(session)
        except ClosingError as error:
            await close(socket, error.code, str(error))
        except WebSocketDisconnect:
            pass
        except Exception:
            _log.exception("A device's socket broke down")
            await close(socket, BROKEN, "The service broke down over this; see its log.")
        finally:
            self._count -= 1
            if not self._count:
                self._lag.stop()
            if session is not None:
                self._leave(session)

    def __len__(self) -> int:
        return self._count

    def close(self) -> None:
        """End the threads when their work is done."""
        self._threads.shutdown(wait=False)

    def _client(self, socket: WebSocket) -> str:
        peer = socket.client.host if socket.client else None
        return client_key(peer, socket.headers.getlist("x-forwarded-for"), self._proxies)

    async def _greet(self, socket: WebSocket) -> _Session:
        content = await receive(socket, HELLO_SECONDS)
        if not isinstance(content, str):
            raise ClosingError(BAD_MESSAGE, "The first message must be a text.")
        hello = parsed(Hello, content)
        if hello.schema_version != DEVICE_SCHEMA:
            raise ClosingError(OLD_PAGE, f"The page has schema {hello.schema_version}; reload it.")
        device, own = await self._visit_of(hello)
        if device.model.digest != hello.model:
            raise ClosingError(OLD_PAGE, "The page reads with another model; reload it.")
        before = self._open.get(device.token)
        self._open[device.token] = socket
        if before is not None:
            await close(before, TAKEN_OVER, "Another window reads for this visit now.")
        greeting = {
            "classes": device.model.classes,
            "features": device.feature_count,
            "schema_version": DEVICE_SCHEMA,
        }
        await socket.send_json(greeting)
        return _Session(socket, device, own)

    async def _visit_of(self, hello: Hello) -> tuple[DeviceVisit[FeedableVisit], LiveVisit | None]:
        """Return the visit to feed, and once more if it is the browser's own."""
        if hello.token is None:
            try:
                opened = await self._in_thread(self._open_visit)
            except AslError as error:
                raise ClosingError(TOO_MANY_SOCKETS, str(error)) from None
            opened.visit.source = "device"
            opened.visit.restore(Transcript.of_text(hello.words))
            await self._in_thread(partial(self._spell_at, opened.visit, hello.speed))
            return opened, opened.visit
        found = self._visits.find(hello.token)
        if found is None:
            raise ClosingError(UNKNOWN_VISIT, "This visit has ended; the page opens a new one.")
        return found, None

    async def _serve_frames(self, session: _Session) -> None:
        while True:
            content = await receive(session.socket, IDLE_SECONDS)
            if self._limit.seconds_to_wait(session.device.token) > 0:
                raise ClosingError(TOO_FAST, f"More than {FRAMES_PER_SECOND} frames a second.")
            try:
                answer = await self._answer_to(session, content)
            except DeviceMessageError as error:
                raise ClosingError(BAD_MESSAGE, str(error)) from None
            if self._lag.seconds > BUSY_LAG_S:
                answer = answer.model_copy(update={"at_once": 1})
            await session.socket.send_text(answer.model_dump_json())

    async def _answer_to(self, session: _Session, content: str | bytes) -> DeviceAnswer:
        """Do what a message asks for; beside the event loop, unless that would cost as much."""
        if isinstance(content, str):
            return await self._in_thread(
                partial(self._carry_out, session, parsed(Command, content))
            )
        # The first frame of a socket opens its stream.
        if session.before is not None and session.device.visit.is_quick:
            return _read(session, content)
        return await self._in_thread(partial(_read, session, content))

    def _carry_out(self, session: _Session, command: Command) -> DeviceAnswer:
        visit = session.own
        if visit is None:
            raise DeviceMessageError("the page of this visit changes its words")
        actions: dict[str, Callable[[], None]] = {
            "space": visit.type_space,
            "delete": visit.delete,
            "clear": visit.clear,
            "undo": visit.undo,
            "speed": partial(self._spell_at, visit, command.speed),
        }
        actions[command.do]()
        text = visit.transcript.text[-SHOWN_LETTERS:]
        return _with_words(session, DeviceAnswer(number=0, text=text))

    def _spell_at(self, visit: LiveVisit, speed: str) -> None:
        try:
            spell_at(visit, speed, self._natural)
        except ModelFileError as error:
            raise ClosingError(TOO_MANY_SOCKETS, str(error)) from None

    def _leave(self, session: _Session) -> None:
        token = session.device.token
        if self._open.get(token) is session.socket:
            del self._open[token]
            # What is held counts no more; a word spelled naturally ends. Not awaited: a server
            # that stops cancels this, and the camera would stay open.
            with suppress(RuntimeError):  # the threads have ended, and so has the process's work
                self._threads.submit(session.device.visit.end_device)

    async def _in_thread(self, work: Callable[[], Done]) -> Done:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def _read(session: _Session, message: bytes) -> DeviceAnswer:
    device = session.device
    frame = read_frame(message, len(device.model.classes), session.before, device.feature_count)
    session.before = frame
    visit = device.visit
    time_s = session.clock.visit_time(frame.time_s, visit.now_s)
    marks = visit.on_device_frame(frame, time_s)
    # Hands are compared by their pictures: neither a taught one nor one that teaches goes without.
    picture = session.need.after(frame, marks) or device.compares_hands
    error = None if marks else visit.error
    return _with_words(session, answer_of(frame.number, marks, error, picture))


def _with_words(session: _Session, answer: DeviceAnswer) -> DeviceAnswer:
    """Add the words where a browser without a page of the dashboard does not know them yet."""
    if session.own is None or session.own.transcript is session.transcript:
        return answer
    transcript = session.own.transcript
    session.transcript = transcript
    return answer.model_copy(update={"words": transcript.text[-LONGEST_WORDS:]})
