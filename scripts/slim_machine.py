"""Checks in the environment that runs it that the app works without the libraries of a screen.

scripts/check_plain_install.sh hides them before it starts this. cv2 must not ask for them, a drawn
hand is read, a page runs, and the app is started and asked for its first page.
"""

import ctypes
import re
import socket
import subprocess
import sys
import time
import urllib.request
from importlib.metadata import files
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
SCREEN = re.compile(r"\blib(?:GL|GLX|xcb|X11|Qt\d)[\w-]*\.so\S*")
"""Of EGL and GLESv2, which MediaPipe asks for, packages.txt brings the loaders."""

NOT_SCREEN = ("libGLESv2", "libGLdispatch")
HIDDEN = ("libGL.so.1", "libxcb.so.1")
_START_SECONDS = 120
_PAGE_SECONDS = 120


def main() -> None:
    """Run every check; the first that fails ends the process with a sentence."""
    check_hidden()
    check_needs()
    check_cv2()
    check_reading()
    check_page()
    check_app()


def check_hidden() -> None:
    """Say which of the screen's libraries this machine can load."""
    loadable = [name for name in HIDDEN if _can_load(name)]
    if loadable:
        print(f"{' and '.join(loadable)} cannot be hidden here; only the links are checked.")
    else:
        print(f"{' and '.join(HIDDEN)} cannot be loaded here.")


def check_needs() -> None:
    """Look which libraries each file of cv2 is linked against, directly and further on."""
    libraries = [
        Path(str(file.locate()))
        for file in files("opencv-python-headless") or ()
        if ".so" in file.name
    ]
    if not libraries:
        raise SystemExit("opencv-python-headless brought no library.")
    for library in libraries:
        told = subprocess.run(["ldd", library], capture_output=True, text=True, check=True).stdout
        asked = sorted(n for n in SCREEN.findall(told) if not n.startswith(NOT_SCREEN))
        if asked:
            raise SystemExit(f"{library.name} needs {', '.join(asked)}.")
    print(f"None of the {len(libraries)} libraries of cv2 needs one of a screen.")


def check_cv2() -> None:
    """Import cv2 and look what it brought into the process, and that no other build lies there."""
    import cv2

    maps = Path("/proc/self/maps")
    loaded = maps.read_text("utf-8") if maps.exists() else ""
    asked = sorted({n for n in SCREEN.findall(loaded) if not n.startswith(NOT_SCREEN)})
    if asked:
        raise SystemExit(f"cv2 {cv2.__version__} loads {', '.join(asked)}.")
    contrib = [str(file) for file in files("opencv-contrib-python") or () if "cv2/" in str(file)]
    if contrib:
        raise SystemExit(f"opencv-contrib-python brought {contrib[0]}.")
    print(f"cv2 {cv2.__version__} is imported.")


def check_reading() -> None:
    """Read a hand that the project draws, from a file, as a photo is read."""
    import cv2

    from asl_core import images
    from asl_core.drawing.drawn_letters import drawn_letter
    from asl_core.frame_pipeline import FramePipeline
    from asl_core.hands.detector import MediaPipeHandDetector
    from asl_core.letters.recognizer import LetterRecognizer
    from asl_core.records.training_run import SHIPPED_RUN, named_run

    _, photo = cv2.imencode(".png", drawn_letter("L", 480)[:, :, ::-1])
    recognizer = LetterRecognizer.load(named_run(SHIPPED_RUN).folder, "cpu")
    with MediaPipeHandDetector("photo") as detector:
        reading = FramePipeline(detector, recognizer).read(images.decode(photo.tobytes()))
    letter = reading.prediction.best.label if reading.prediction else None
    if letter != "L":
        raise SystemExit(f"The drawn L was read as {letter}.")
    print("A photo of a drawn L is read as L.")


def check_page() -> None:
    """Run the photo page's script, which brings in every library."""
    from streamlit.testing.v1 import AppTest

    page = AppTest.from_file(str(ROOT / "pages/read/photo.py")).run(timeout=_PAGE_SECONDS)
    if page.exception:
        raise SystemExit(f"The photo page failed: {page.exception[0].message}")
    if not page.main:
        raise SystemExit("The photo page is empty.")
    print("The photo page runs.")


def check_app() -> None:
    """Start the app, wait for its health, and get its first page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    app = subprocess.Popen([*command, "--server.port", str(port)], cwd=ROOT)
    try:
        deadline = time.monotonic() + _START_SECONDS
        while b"alive" not in _answer(port, "/healthz"):
            if app.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("The app did not start.")
            time.sleep(0.5)
        if b"<title>" not in _answer(port, "/"):
            raise SystemExit("The app's address gives no page.")
    finally:
        app.terminate()
        app.wait()
    print("The app starts, and its address gives a page.")


def _can_load(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _answer(port: int, path: str) -> bytes:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return bytes(answer.read()) if answer.status == 200 else b""
    except OSError:
        return b""


if __name__ == "__main__":
    main()
