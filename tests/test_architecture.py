"""Holds the rules of the house: who imports whom, and where the heavy libraries live."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("asl_core", "pages")

LAYERS: tuple[tuple[str, ...], ...] = (
    ("app",),
    ("pages",),
    ("pages.panels",),
    ("asl_core.scale",),
    ("asl_core.service",),
    (
        "asl_core.live",
        "asl_core.transcription",
        "asl_core.photo_reading",
        "asl_core.training",
        "asl_core.evaluation",
        "asl_core.practice",
    ),
    ("asl_core.frame_speller", "asl_core.public_reading", "asl_core.drawing"),
    ("asl_core.spelling.fluent",),
    (
        "asl_core.photos",
        "asl_core.frame_pipeline",
        "asl_core.spelling",
        "asl_core.moving_hand",
    ),
    ("asl_core.letters", "asl_core.hands", "asl_core.video_file"),
    ("asl_core.records",),
    ("asl_core.images", "asl_core.letter_tips", "asl_core.video_container"),
    ("asl_core.picture_metadata", "asl_core.file_kinds"),
    ("asl_core.orientation", "asl_core.video_times"),
    ("asl_core.logs",),
    ("asl_core.errors", "asl_core.alphabet", "asl_core.folders", "asl_core.__init__"),
)
"""Top to bottom: a module may import those below it, and its own package."""

UNBOUND = ("asl_core.commands", "asl_core.__main__", "asl_core.benchmark")
"""Command line and benchmark may import everything, but nothing else imports them."""

HOMES: dict[str, tuple[str, ...]] = {
    "mediapipe": ("asl_core.hands.detector", "asl_core.benchmark"),
    "torch": ("asl_core.letters", "asl_core.training", "asl_core.evaluation", *UNBOUND),
    "onnx": ("asl_core.training.serving", "asl_core.letters.export"),
    "onnxruntime": ("asl_core.letters.onnx_network", "asl_core.training.serving.eight_bits"),
    "torchvision": ("asl_core.letters", "asl_core.training", *UNBOUND),
    "lightning_fabric": ("asl_core.training", *UNBOUND),
    "sklearn": ("asl_core.evaluation",),
    "matplotlib": ("asl_core.evaluation",),
    "av": ("asl_core.video_file", "asl_core.video_container", "pages.panels", *UNBOUND),
    "symspellpy": ("asl_core.spelling.word_list",),
    "fsrs": ("asl_core.practice.schedule",),
    "kagglehub": ("asl_core.photos", *UNBOUND),
    "typer": UNBOUND,
    "fastapi": ("asl_core.service",),
    "starlette": ("asl_core.service",),
    "prometheus_client": ("asl_core.service",),
    "uvicorn": UNBOUND,
    "ray": ("asl_core.scale",),
    "pyarrow": ("asl_core.scale.table_parts", "asl_core.scale.ray_spread"),
    "streamlit": ("app", "pages"),
    "streamlit_webrtc": (
        "pages.panels.live.camera.camera_stream",
        "pages.panels.live.camera.webrtc_patches",
    ),
    "aiortc": ("pages.panels.live.camera.webrtc_patches",),
    "plotly": ("pages.panels",),
    "pandas": ("pages",),
}
"""Where a library may be imported; elsewhere it is not known."""

METRIC_SCREENS = ("training", "confusion", "letters", "who", "compare", "speed")
LIGHT_MODULES = (
    "asl_core.records",
    "asl_core.errors",
    "asl_core.alphabet",
    "asl_core.folders",
    "asl_core.letter_tips",
    "asl_core.images",
    "asl_core.orientation",
    "asl_core.picture_metadata",
    "asl_core.file_kinds",
    "asl_core.hands.landmarks",
    "asl_core.practice.progress",
    "asl_core.practice.text_measures",
)
"""What the metric screens may reach: records, a learner's progress, and what needs no library but
NumPy and Pillow."""


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    if parts[-1] == "__init__" and len(parts) > 2:
        parts = parts[:-1]
    return ".".join(parts)


@cache
def modules() -> dict[str, Path]:
    files = [ROOT / "app.py", *(p for f in FOLDERS for p in sorted((ROOT / f).rglob("*.py")))]
    return {module_name(path): path for path in files}


@cache
def imports_of(path: Path, late: bool = True) -> tuple[str, ...]:
    """Return the imported modules; without `late` not those inside of functions."""
    return tuple(found_imports(path, late))


def found_imports(path: Path, late: bool) -> Iterator[str]:
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            known = modules()
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in known else node.module
        is_for_types = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if is_for_types or (isinstance(node, ast.FunctionDef) and not late):
            continue
        waiting.extend(ast.iter_child_nodes(node))


def is_below(module: str, package: str) -> bool:
    return module == package or module.startswith(package + ".")


def place_of(module: str) -> tuple[int, str] | None:
    """Return the layer's number, 0 on top, and the package; the longest name that fits wins."""
    places = [
        (len(package), number, package)
        for number, layer in enumerate(LAYERS)
        for package in layer
        if is_below(module, package)
    ]
    return max(places)[1:] if places else None


def wrong_imports(name: str, path: Path) -> list[str]:
    mine = place_of(name)
    assert mine is not None, f"{name} has no place in the house; add it to LAYERS"
    wrong = []
    for other in imports_of(path):
        if any(is_below(other, package) for package in UNBOUND):
            wrong.append(f"{name} imports {other}")
        theirs = place_of(other)
        if theirs is None or theirs[1] == mine[1]:
            continue
        if theirs[0] <= mine[0]:
            wrong.append(f"{name} imports {other}")
    return wrong


BOUND = {
    name: path for name, path in modules().items() if not any(is_below(name, u) for u in UNBOUND)
}


@pytest.mark.parametrize("name", sorted(set(BOUND) - {"pages.__init__"}))
def test_imports_run_downwards(name):
    assert wrong_imports(name, BOUND[name]) == []


@pytest.mark.parametrize("library", HOMES)
def test_a_heavy_library_has_one_home(library):
    strangers = [
        name
        for name, path in modules().items()
        if any(is_below(other, library) for other in imports_of(path))
        and not any(is_below(name, home) for home in HOMES[library])
    ]
    assert strangers == []


def test_streamlit_is_unknown_to_the_core():
    core = [path for name, path in modules().items() if name.startswith("asl_core")]
    assert core
    assert not any("streamlit" in other for path in core for other in imports_of(path))


def test_what_runs_again_by_itself_draws_into_places_of_its_own():
    """A fragment that fills a place of the page fails where the page's run was cut off before it.

    Streamlit then shows its own error in place of the letter; seen under load.
    """
    pages = {n: p.read_text(encoding="utf-8") for n, p in modules().items() if "pages" in n}
    parts = {name: text for name, text in pages.items() if "st.fragment" in text}
    assert len(parts) > 3
    assert [name for name, text in parts.items() if "DeltaGenerator" in text] == []


@pytest.mark.parametrize("screen", METRIC_SCREENS)
def test_metric_screens_reach_only_records(screen):
    known = modules()
    seen: set[str] = set()
    waiting = [f"pages.model.{screen}"]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in known:
            continue
        seen.add(name)
        waiting.extend(imports_of(known[name], late=False))
    core = sorted(name for name in seen if name.startswith("asl_core"))
    assert core
    assert [c for c in core if not any(is_below(c, light) for light in LIGHT_MODULES)] == []


@pytest.mark.slow
def test_metric_screens_open_without_torch(tmp_path):
    script = (
        "import sys\n"
        "from streamlit.testing.v1 import AppTest\n"
        f"for screen in {METRIC_SCREENS}:\n"
        "    test = AppTest.from_file(f'pages/model/{screen}.py', default_timeout=60)\n"
        "    test.run()\n"
        "    assert not test.exception and test.title, screen\n"
        "heavy = {'torch', 'torchvision', 'mediapipe', 'cv2', 'sklearn'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    folder = str(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "ASL_MODELS": folder, "ASL_RUNS": folder, "HOME": folder},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.slow
def test_natural_spelling_is_read_without_torch():
    script = (
        "import sys\n"
        "from asl_core.spelling.fluent.model import FluentModel\n"
        "from asl_core.spelling.fluent.reader import FluentReader\n"
        "FluentReader(FluentModel.load())\n"
        "assert not {'torch', 'onnxruntime', 'cv2', 'mediapipe'} & set(sys.modules)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_the_rule_notices_a_wrong_import(tmp_path):
    wrong = tmp_path / "crop.py"
    wrong.write_text("def f():\n    from asl_core.letters.prediction import ScoredLabel\n")
    assert wrong_imports("asl_core.hands.crop", wrong) == [
        "asl_core.hands.crop imports asl_core.letters.prediction"
    ]
