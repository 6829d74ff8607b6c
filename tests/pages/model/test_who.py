import dataclasses
import json

import pytest

from asl_core.alphabet import STATIC_LETTERS
from asl_core.records.evaluation_report import EvaluationReport

REPORT = "stranger-resnet18/evaluations/photos-test/report.json"


@pytest.fixture
def report(made_up) -> EvaluationReport:
    return EvaluationReport.load(made_up / REPORT)


def rows_of(screen, grouped_by: str):
    table = screen.dataframe[0].value
    return table[table["grouped by"] == grouped_by]


def test_says_which_command_fills_it(runs_folder, open_screen):
    assert open_screen("model/who.py").code[1].value.startswith("python -m asl_core evaluate")


def test_the_sentence_names_the_best_and_the_worst_signer(report, open_screen):
    scores = {score.signer: score.accuracy for score in report.sources}
    best, worst = max(scores, key=scores.__getitem__), min(scores, key=scores.__getitem__)
    text = open_screen("model/who.py").markdown[1].value
    assert f"best for **{best}** ({scores[best] * 100:.1f} % read correctly)" in text
    assert f"worst for **{worst}** ({scores[worst] * 100:.1f} %)" in text
    assert f"over all photos, accuracy is {report.static.accuracy * 100:.1f} %" in text


def test_the_table_agrees_with_the_report(report, open_screen):
    screen = open_screen("model/who.py")
    signers = rows_of(screen, "Signer").set_index("group")
    for score in report.sources:
        assert signers.loc[score.signer, "correct"] == pytest.approx(score.accuracy * 100, abs=0.01)
        assert signers.loc[score.signer, "photos"] == score.photos
        assert signers.loc[score.signer, "no hand"] == pytest.approx(
            score.no_hand_rate * 100, abs=0.01
        )
    for grouped_by in set(screen.dataframe[0].value["grouped by"]):
        assert rows_of(screen, grouped_by)["photos"].sum() == report.static.photos


def test_hands_that_were_not_found_are_counted(report, open_screen):
    lost = sum(p.predicted is None and p.label in STATIC_LETTERS for p in report.photos)
    hands = rows_of(open_screen("model/who.py"), "Left or right hand").set_index("group")
    assert hands.loc["no hand found", "photos"] == lost > 0
    assert hands.loc["no hand found", "correct"] == 0


def test_what_counts_as_wrong_is_told(made_up, open_screen):
    texts = [entry.value for entry in open_screen("model/who.py").markdown]
    assert any("**or no hand was found**" in text for text in texts)
    assert any("Wilson's score interval" in text for text in texts)


def test_the_groups_can_be_saved(made_up, open_screen):
    (button,) = open_screen("model/who.py").get("download_button")
    assert button.proto.label == "Save all groups as CSV"


def test_a_reader_of_whole_pictures_says_that_no_hand_is_known(report, made_up, open_screen):
    photos = [
        dataclasses.replace(photo, landmarks=(), handedness=None, box=None)
        for photo in report.photos
        if photo.predicted is not None
    ]
    dataclasses.replace(report, photos=tuple(photos)).save(made_up / REPORT)
    screen = open_screen("model/who.py")
    assert [info.value for info in screen.info] == [
        "Unknown: no hand was searched for or found."
    ] * 3
    assert set(screen.dataframe[0].value["grouped by"]) == {"Signer", "Light"}


def test_a_report_without_static_letters_says_so(report, made_up, open_screen):
    photos = tuple(photo for photo in report.photos if photo.label not in STATIC_LETTERS)
    dataclasses.replace(report, photos=photos).save(made_up / REPORT)
    screen = open_screen("model/who.py")
    assert [i.value for i in screen.info] == ["This report has no photos of static letters."]
    assert not screen.dataframe


def test_a_broken_report_gives_a_sentence(made_up, open_screen):
    path = made_up / REPORT
    values = json.loads(path.read_text())
    values["photos"][0]["brightness"] = "bright"
    path.write_text(json.dumps(values))
    screen = open_screen("model/who.py")
    assert len(screen.error) == 1
    assert "photos-test/report.json is broken" in screen.error[0].value
    assert not screen.dataframe


@pytest.fixture
def own_hand_report(made_up):
    from asl_core.records.own_hand_report import OwnHandReport, OwnHandSeed, OwnHandSigner

    seed = OwnHandSeed(0, 24, 48, 48, 6, 1, "helps", 3, 3, 0.95, 0.4)
    signer = OwnHandSigner("anna", 40, 2, 6, (seed,), 100, 10, 9)
    report = OwnHandReport(
        "stranger-resnet18", "photos", "test", "python -m asl_core own-hand x", "2026-11-26T07:00",
        2, (signer,), 0.02, 0.01, 20, 5, 5.0, 8, 5, 2, 0, 0.04, 60_000,
    )  # fmt: skip
    report.save((made_up / REPORT).with_name("own-hand.json"))
    return report


def test_what_teaching_gives_is_shown_signer_by_signer(own_hand_report, open_screen):
    screen = open_screen("model/who.py")
    assert any("go from 6 to 3.0 of 40" in entry.value for entry in screen.markdown)
    table = next(d.value for d in screen.dataframe if "before" in d.value)
    row = table.set_index("signer").loc["anna"]
    assert (row["before"], row["after"], row["on"]) == (6, 3.0, "1 of 1")
    assert row["others after"] == pytest.approx(9.0)


def test_a_run_that_was_not_taught_names_the_command(made_up, open_screen):
    commands = [code.value for code in open_screen("model/who.py").code]
    assert any(c.startswith("python -m asl_core own-hand stranger-resnet18") for c in commands)


def test_a_broken_report_of_teaching_is_told(own_hand_report, made_up, open_screen):
    (made_up / REPORT).with_name("own-hand.json").write_text("{}")
    errors = [error.value for error in open_screen("model/who.py").error]
    assert any("own-hand.json" in error for error in errors)
