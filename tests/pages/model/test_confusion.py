import json
from datetime import UTC, datetime

from asl_core.alphabet import MOTION_LETTERS
from asl_core.practice.progress import Progress
from asl_core.practice.schedule import answered
from asl_core.records.evaluation_report import EvaluationReport


def gallery_of(screen) -> list[str]:
    return [caption.value for caption in screen.caption]


def test_says_which_command_makes_the_first_run(runs_folder, open_screen):
    screen = open_screen("model/confusion.py")
    assert [code.value for code in screen.code] == [
        "python -m asl_core train --photos DIR --name my-run",
        "python -m asl_core evaluate my-run --photos DIR --split test",
    ]


def test_says_which_command_evaluates_a_run_without_report(made_up, open_screen):
    for report in made_up.glob("*/evaluations/*/report.json"):
        report.unlink()
    screen = open_screen("model/confusion.py")
    assert screen.code[0].value == (
        "python -m asl_core evaluate stranger-resnet18 --photos DIR --split test"
    )


def test_starts_with_the_most_frequent_confusion(made_up, open_screen):
    screen = open_screen("model/confusion.py")
    path = made_up / "stranger-resnet18/evaluations/photos-test/report.json"
    report = EvaluationReport.load(path)
    label, answer = screen.session_state["cell_label"], screen.session_state["cell_answer"]
    most = max(
        count
        for i, row in enumerate(report.confusion)
        for j, count in enumerate(row)
        if i != j and report.classes[i] not in MOTION_LETTERS
    )
    columns = [*report.classes, "no hand"]
    assert report.confusion[columns.index(label)][columns.index(answer)] == most
    assert any(f"**{most}** of " in entry.value for entry in screen.markdown)


def test_the_menus_choose_a_cell(made_up, open_screen):
    screen = open_screen("model/confusion.py")
    screen.selectbox(key="cell_label").select("A")
    screen.selectbox(key="cell_answer").select("A").run()
    path = made_up / "stranger-resnet18/evaluations/photos-test/report.json"
    report = EvaluationReport.load(path)
    right = report.confusion[0][0]
    total = sum(report.confusion[0])
    assert any(f"**{right}** of {total} photos of **A**" in m.value for m in screen.markdown)
    shown = [caption for caption in gallery_of(screen) if "%" in caption]
    assert len(shown) >= min(right, 12)


def test_an_empty_cell_says_so(made_up, open_screen):
    screen = open_screen("model/confusion.py")
    screen.selectbox(key="cell_label").select("F")
    screen.selectbox(key="cell_answer").select("Q").run()
    assert "There are no photos behind this cell." in gallery_of(screen)


def test_one_signer_only(made_up, open_screen):
    screen = open_screen("model/confusion.py")
    screen.selectbox(key="confusion_signer").select("ada")
    screen.selectbox(key="cell_label").select("B")
    screen.selectbox(key="cell_answer").select("B").run()
    assert not screen.exception
    assert all(c.startswith("ada") for c in gallery_of(screen) if " · " in c)
    assert any(" of 5 photos of **B**" in m.value for m in screen.markdown)


def test_fewer_rows_keep_a_choice_that_is_among_them(made_up, open_screen):
    screen = open_screen("model/confusion.py")
    label = screen.session_state["cell_label"]
    screen.segmented_control(key="confusion_rows").set_value("Most confused").run()
    assert not screen.exception
    assert len(screen.selectbox(key="cell_label").options) == 8
    assert screen.session_state["cell_label"] == label


def test_share_of_the_letter_is_explained(made_up, open_screen):
    screen = open_screen("model/confusion.py")
    screen.segmented_control(key="confusion_unit").set_value("Share of the letter").run()
    assert any("percentages of the row" in caption for caption in gallery_of(screen))


def test_a_broken_report_gives_a_sentence_and_the_other_run_lives(made_up, open_screen):
    path = made_up / "stranger-resnet18/evaluations/photos-test/report.json"
    values = json.loads(path.read_text())
    values["photos"][0]["confidence"] = "very"
    path.write_text(json.dumps(values))
    screen = open_screen("model/confusion.py")
    assert len(screen.error) == 1
    assert "photos-test/report.json is broken" in screen.error[0].value
    other = screen.selectbox(key="chosen_run").options[1]
    screen.selectbox(key="chosen_run").set_value(other).run()
    assert not screen.error
    assert not screen.exception


def test_a_name_that_leads_out_of_the_photo_folder_is_not_opened(made_up, open_screen, monkeypatch):
    monkeypatch.setenv("ASL_PHOTOS", str(made_up))
    path = made_up / "stranger-resnet18/evaluations/photos-test/report.json"
    values = json.loads(path.read_text())
    for photo in values["photos"]:
        photo["photo_id"] = "../../../../../etc/passwd"
    path.write_text(json.dumps(values))
    assert not open_screen("model/confusion.py").error


def own_matrix(open_app, progress=None):
    from asl_core.practice.learner import Learner
    from pages.panels.practice.this_learner import PracticeVisit

    screen = open_app()
    screen.switch_page("pages/model/confusion.py").run()
    if progress is not None:
        screen.session_state["practice_learner"] = PracticeVisit(Learner(progress), is_known=True)
    screen.segmented_control(key="confusion_whose").set_value("Your own, from practice").run()
    assert not screen.exception
    return screen


def practised():
    noon = datetime(2026, 11, 26, 12, tzinfo=UTC)
    progress = Progress()
    for answer in ("V", "V", "U"):
        progress = answered(progress, "sign", "U", answer, None, noon)
    return progress


def test_a_learner_sees_the_own_confusions_in_each_skill(made_up, open_app):
    screen = own_matrix(open_app, practised())
    assert any("Most often mistaken: U as V (2×)." in entry.value for entry in screen.markdown)
    assert len(screen.get("plotly_chart")) == 1
    screen.segmented_control(key="own_confusions_skill").set_value("Reading").run()
    assert screen.info[0].value.startswith("Nothing was practised in reading yet")


def test_a_learners_matrix_needs_no_model(runs_folder, open_app):
    assert any("U as V (2×)" in m.value for m in own_matrix(open_app, practised()).markdown)


def test_what_the_browser_keeps_is_asked_for_first(made_up, open_app):
    screen = own_matrix(open_app)
    assert "Asking your browser for your practice …" in [c.value for c in screen.caption]
