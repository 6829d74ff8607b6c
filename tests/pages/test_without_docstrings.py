"""What pages show must not depend on docstrings, which `python -OO` removes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from asl_core.records.robustness_report import ROBUSTNESS_FILE

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]

SENTENCES: dict[str, tuple[str, ...]] = {
    "pages/overview.py": ("Photos read correctly / all photos.",),
    "pages/model/training.py": ("Share of the validation photos",),
    "pages/model/letters.py": (
        "TP / (TP + FP)",
        "Unweighted mean of the recall",
        "Guo et al. 2017",
        "Photos of one signer read correctly",
    ),
    "pages/model/who.py": ("score interval (Wilson 1927)", "Percentage points of accuracy lost"),
    "pages/model/compare.py": ("Share of the photos whose letter is among the three",),
}

# The overview links the other pages, so it opens within the app.
SCRIPT = """
import json, sys
from streamlit.testing.v1 import AppTest

if sys.flags.optimize != 2:
    sys.exit("Docstrings are still here.")
shown = {}
for script in sys.argv[1:]:
    test = AppTest.from_file("app.py" if "overview" in script else script, default_timeout=60)
    test.run()
    if test.exception:
        sys.exit(f"{script}: {test.exception[0].message}")
    shown[script] = "\\n".join(str(getattr(part, "proto", "")) for part in test.main)
print(json.dumps(shown))
"""


@pytest.fixture
def shown_without_docstrings(made_up, robustness_report) -> dict[str, str]:
    robustness_report.save(made_up / "stranger-resnet18/evaluations/photos-test" / ROBUSTNESS_FILE)
    done = subprocess.run(
        [sys.executable, "-OO", "-c", SCRIPT, *SENTENCES],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    shown: dict[str, str] = json.loads(done.stdout)
    return shown


def test_every_definition_is_still_shown(shown_without_docstrings):
    missing = {
        script: [text for text in sentences if text not in shown_without_docstrings[script]]
        for script, sentences in SENTENCES.items()
    }
    assert missing == {script: [] for script in SENTENCES}


def test_no_class_signature_stands_in_for_a_docstring(shown_without_docstrings):
    for text in shown_without_docstrings.values():
        assert "(photos: int" not in text
        assert "(label: str" not in text
