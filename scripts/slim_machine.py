"""Checks in the environment that runs it that the app works without libGL and libxcb.

The libraries of a screen are made impossible to load: cv2 must not be linked against them. Then a
drawn hand is read, and the app is started and asked for its health.
"""

import socket
import subprocess
import sys
import time
import urllib.request
from importlib.metadata import files
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
SCREEN = ("libGL.so", "libxcb", "libX11", "libQt", "libEGL")
_START_SECONDS = 120


def check_cv2() -> None:
    """Import cv2 and look which libraries of the system it brought into the process."""
    import cv2

    loaded = Path("/proc/self/maps").read_text("utf-8") if sys.platform == "linux" else ""
    asked = sorted({name for name in SCREEN if name in loaded})
    if asked:
        raise SystemExit(f"cv2 {cv2.__version__} loads {', '.join(asked)}.")
    contrib = [str(file) for file in files("opencv-contrib-python") or () if "cv2/" in str(file)]
    if contrib:
        raise SystemExit(f"opencv-contrib-python brought {contrib[0]}.")
    print(f"cv2 {cv2.__version__} needs no library of a screen.")


def check_reading() -> None:
    """Read a hand that the project draws."""
    from asl_core.drawing.drawn_letters import drawn_letter
    from asl_core.frame_pipeline import FramePipeline
    from asl_core.hands.detector import MediaPipeHandDetector
    from asl_core.letters.recognizer import LetterRecognizer
    from asl_core.records.training_run import SHIPPED_RUN, named_run

    recognizer = LetterRecognizer.load(named_run(SHIPPED_RUN).folder, "cpu")
    with MediaPipeHandDetector("photo") as detector:
        reading = FramePipeline(detector, recognizer).read(drawn_letter("L", 480))
    letter = reading.prediction.best.label if reading.prediction else None
    if letter != "L":
        raise SystemExit(f"The drawn L was read as {letter}.")
    print("A drawn L is read as L.")


def check_app() -> None:
    """Start the app and ask for its health."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    app = subprocess.Popen([*command, "--server.port", str(port)], cwd=ROOT)
    try:
        deadline = time.monotonic() + _START_SECONDS
        while not _is_alive(port):
            if app.poll() is not None or time.monotonic() > deadline:
                raise SystemExit("The app did not start.")
            time.sleep(0.5)
    finally:
        app.terminate()
        app.wait()
    print("The app starts and answers.")


def _is_alive(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200 and b"alive" in answer.read())
    except OSError:
        return False


if __name__ == "__main__":
    check_cv2()
    check_reading()
    check_app()
