import re
from pathlib import Path

import pytest

from pages.panels.browser.camera_check import FINDINGS, finding_of

SCRIPT = Path(__file__).parents[4] / "pages/panels/browser/scripts/camera_check.js"


def test_every_code_of_the_script_has_its_words():
    text = SCRIPT.read_text(encoding="utf-8")
    codes = set(re.findall(r'code: "(\w+)"', text))
    codes |= set(re.findall(r'\w+Error: "(\w+)"', text))
    codes |= set(re.findall(r'\? "(\w+)" : "(\w+)"', text)[0])
    codes |= set(re.findall(r'found\.code = "(\w+)"', text))
    codes |= {"other", "network", "network_no_turn"}
    assert codes == set(FINDINGS)


@pytest.mark.parametrize("code", FINDINGS)
def test_each_finding_says_what_and_what_to_do(code):
    finding = finding_of({"code": code, "detail": "asl.example"})
    assert finding is not None
    assert finding.title and finding.steps
    assert finding.meaning.endswith((".", "asl.example"))
    assert "{" not in finding.meaning


@pytest.mark.parametrize("sent", [None, "refused", {}, {"code": "unknown"}, {"code": None}])
def test_what_is_not_known_is_left_out(sent):
    assert finding_of(sent) is None


def test_a_long_detail_is_cut():
    finding = finding_of({"code": "other", "detail": "x" * 1000})
    assert finding is not None
    assert len(finding.meaning) < 200
