"""On a processor nothing that reads needs torch: pages, service and commands run without it.

Each script runs in a process of its own, where torch and torchvision cannot be imported.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from asl_core.folders import MODELS_FOLDER

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]

NO_TORCH = """
import sys

from asl_core.__main__ import TRAINING_PACKAGES

for name in TRAINING_PACKAGES:
    sys.modules[name] = None  # an import of it raises ModuleNotFoundError

from pathlib import Path
from PIL import Image
from asl_core.drawing.drawn_letters import drawn_letter

photo = Path.cwd() / "letter.png"
Image.fromarray(drawn_letter("L", 480)).save(photo)
"""

COMMAND = """
from asl_core.__main__ import app
sys.argv = ["asl", *ARGUMENTS]
app()
"""

SERVICE = """
import time
from fastapi.testclient import TestClient
from asl_core.letters.recognizer import LetterRecognizer
from asl_core.records.training_run import SHIPPED_RUN, named_run
from asl_core.service.http_service import create_service
from asl_core.service.settings import ServiceSettings

folder = named_run(SHIPPED_RUN).folder
service = create_service(ServiceSettings(workers=1), lambda: LetterRecognizer.load(folder))
with TestClient(service.api) as client:
    while client.get("/readyz").status_code != 200:
        assert service.pool.failure is None, service.pool.failure
        time.sleep(0.1)
    answer = client.post("/predict", files={"image": photo.read_bytes()})
    print(answer.json()["prediction"])
"""

PAGE = """
from streamlit.testing.v1 import AppTest

test = AppTest.from_file(str(Path(ROOT) / "pages" / "read" / SCRIPT), default_timeout=120)
test.run()
assert not test.exception, test.exception
assert not test.error, test.error
"""

PHOTO_PAGE = """
test.file_uploader[0].set_value([("letter.png", photo.read_bytes(), "image/png")])
test.run(timeout=120)
assert not test.exception, test.exception
assert not test.error, test.error
from pages.panels.photo.photo_reader import shared_reader
from asl_core.records.training_run import SHIPPED_RUN, named_run
from asl_core import images

reader = shared_reader(named_run(SHIPPED_RUN).folder)
print(reader.read("x", images.read(photo)).reading.prediction.best.label)
"""

LIVE_PAGE = """
from pages.panels.frame.shared_recognizer import shared_live_recognizer
from asl_core.records.training_run import SHIPPED_RUN, named_run

print(shared_live_recognizer(named_run(SHIPPED_RUN).folder).networks.form)
"""


def run(script: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", f"ROOT = {str(ROOT)!r}\n{NO_TORCH}{script}"],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "HOME": str(folder), "ASL_MODELS": str(MODELS_FOLDER)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def command(*arguments: str) -> str:
    return COMMAND.replace("ARGUMENTS", repr(list(arguments)))


def test_photos_are_read_by_the_command(tmp_path):
    assert '"prediction": "L"' in run(command("predict", "letter.png", "--json"), tmp_path)


def test_videos_are_read_by_the_command(tmp_path):
    make = """
import av
with av.open("film.mp4", "w") as film:
    stream = film.add_stream("mpeg4", 10)
    stream.width, stream.height, stream.pix_fmt = 480, 480, "yuv420p"
    for _ in range(20):
        picture = av.VideoFrame.from_ndarray(drawn_letter("L", 480), format="rgb24")
        film.mux(stream.encode(picture))
    film.mux(stream.encode())
"""
    assert "L" in run(make + command("transcribe", "film.mp4"), tmp_path)


def test_the_service_reads(tmp_path):
    assert run(SERVICE, tmp_path).strip() == "L"


def test_the_photo_page_reads(tmp_path):
    page = PAGE.replace("SCRIPT", "'photo.py'")
    assert run(page + PHOTO_PAGE, tmp_path).strip().endswith("L")


def test_the_live_page_opens(tmp_path):
    pytest.importorskip("streamlit_webrtc", reason="streamlit-webrtc is not installed")
    # AppTest has no session manager, which the camera asks for.
    patch = "import streamlit_webrtc.component as c\nc.get_this_session_info = lambda: None\n"
    page = patch + PAGE.replace("SCRIPT", "'live.py'")
    assert "in ONNX Runtime" in run(page + LIVE_PAGE, tmp_path)


def test_what_needs_torch_says_so_in_a_sentence(tmp_path):
    script = (
        "Path('best_model.pth').touch()\n"
        "from asl_core.errors import AslError\n"
        "from asl_core.letters.recognizer import LetterRecognizer\n"
        "try:\n"
        "    LetterRecognizer.load(Path('best_model.pth'))\n"
        "except AslError as error:\n"
        "    print(error)\n"
    )
    assert run(script, tmp_path).startswith(
        "best_model.pth is read with torch, which is not installed; get it with: pip install torch"
    )


def test_torch_is_not_imported_where_it_is_installed(tmp_path):
    script = (
        "for name in TRAINING_PACKAGES:\n"
        "    del sys.modules[name]\n"
        "from asl_core.letters.recognizer import LetterRecognizer\n"
        "from asl_core.records.training_run import SHIPPED_RUN, named_run\n"
        "LetterRecognizer.load(named_run(SHIPPED_RUN).folder, 'cpu').for_live()\n"
        "print(sorted(set(TRAINING_PACKAGES) & set(sys.modules)))\n"
    )
    assert run(script, tmp_path).strip() == "[]"


def test_training_asks_for_what_is_not_installed(tmp_path):
    asked = command("train", "--photos", "photos", "--name", "mine")
    done = subprocess.run(
        [sys.executable, "-c", f"ROOT = {str(ROOT)!r}\n{NO_TORCH}{asked}"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 1
    said = " ".join(done.stderr.split())
    assert said.startswith("torch is not installed: this is the light installation")
    assert "Traceback" not in said
