import pytest

from asl_core.records.evaluation_report import EvaluationReport


@pytest.fixture
def report(made_up) -> EvaluationReport:
    return EvaluationReport.load(made_up / "stranger-resnet18/evaluations/photos-test/report.json")


def test_says_which_command_fills_it(runs_folder, open_screen):
    assert open_screen("model/letters.py").code[1].value.startswith("python -m asl_core evaluate")


def test_the_headline_comes_from_the_file(report, open_screen):
    metrics = {m.label: m.value for m in open_screen("model/letters.py").metric}
    assert metrics["Accuracy, 24 letters"] == f"{report.static.accuracy * 100:.1f} %"
    assert metrics["J and Z as still pictures"] == f"{report.motion.accuracy * 100:.1f} %"
    assert metrics["Expected calibration error"] == f"{report.expected_calibration_error:.3f}"


def test_the_table_holds_every_letter(report, open_screen):
    table = open_screen("model/letters.py").dataframe[0].value
    assert list(table["letter"]) == [score.label for score in report.letters]
    assert list(table["support"]) == [score.support for score in report.letters]
    assert table["recall"][3] == pytest.approx(report.letters[3].recall * 100)


def test_the_pairs_are_sorted_and_leave_out_right_answers(report, open_screen):
    pairs = open_screen("model/letters.py").dataframe[1].value
    assert list(pairs["photos"]) == sorted(pairs["photos"], reverse=True)
    assert (pairs["signed"] != pairs["read as"]).all()


@pytest.mark.parametrize(
    "formula",
    [
        "**precision**: TP / (TP + FP)",
        "**accuracy**: Photos read correctly / all photos.",
        "**expected calibration error**: Mean of |accuracy - confidence|",
    ],
    ids=["letters", "accuracy", "calibration"],
)
def test_each_figure_tells_its_formula(made_up, open_screen, formula):
    texts = [" ".join(m.value.split()) for m in open_screen("model/letters.py").markdown]
    assert any(formula in text for text in texts)


@pytest.mark.parametrize("figure", ["precision", "f1", "support"])
def test_the_bars_change(made_up, open_screen, figure):
    screen = open_screen("model/letters.py")
    screen.segmented_control(key="letter_figure").set_value(figure).run()
    screen.segmented_control(key="letter_order").set_value("Worst first").run()
    assert not screen.exception


def test_the_command_that_measured_it_is_shown(report, open_screen):
    assert report.command in [code.value for code in open_screen("model/letters.py").code]


def test_a_report_of_another_schema_gives_a_sentence(made_up, open_screen):
    path = made_up / "stranger-resnet18/evaluations/photos-test/report.json"
    path.write_text('{"schema_version": 99}')
    screen = open_screen("model/letters.py")
    assert [e.value for e in screen.error] == ["photos-test/report.json has schema 99, expected 1."]
    assert not screen.metric


def test_photos_that_were_left_out_are_told(small_report, runs_folder, open_screen):
    import dataclasses

    from asl_core.records.evaluation_report import LeftOut
    from scripts.made_up_run import write_made_up_run

    write_made_up_run(runs_folder / "small")
    changed = dataclasses.replace(
        small_report, left_out=(LeftOut("del", 7),), unreadable=("x.webp: The file is empty.",)
    )
    changed.save(runs_folder / "small/evaluations/photos-test/report.json")
    screen = open_screen("model/letters.py")
    assert any("del (7)" in caption.value for caption in screen.caption)
    assert "1 photos could not be read" in [expander.label for expander in screen.expander]


def test_the_confusions_that_remain_stand_with_pictures_and_tips(report, open_screen):
    from asl_core.letter_tips import pair_tip
    from pages.panels.metrics.confusion_counts import count_confusions

    static = [photo for photo in report.photos if photo.label not in ("J", "Z")]
    pairs = count_confusions(report, static).confused_pairs
    first = next(pair for pair in pairs if pair.read_as != "no hand")
    screen = open_screen("model/letters.py")
    texts = [entry.value for entry in screen.markdown]
    card = next(i for i, text in enumerate(texts) if " read as " in text)
    assert texts[card].startswith(f"**{first.label} read as {first.read_as}**")
    assert f"{first.photos} photos" in texts[card]
    assert pair_tip(first.label, first.read_as) in texts[card + 1]
    assert sum(f"read as {first.read_as}]" in c.value for c in screen.caption) >= 1
    assert len(screen.image) >= 8 * 2
    lost = sum(photo.predicted is None for photo in static)
    assert any(text.startswith("**No hand found**") and f"{lost} photos" in text for text in texts)


def test_a_reader_without_mistakes_is_told(report, made_up, open_screen):
    import dataclasses

    right = tuple(photo for photo in report.photos if photo.is_right)
    path = made_up / "stranger-resnet18/evaluations/photos-test/report.json"
    dataclasses.replace(report, photos=right).save(path)
    screen = open_screen("model/letters.py")
    assert "Every static letter was read correctly." in [entry.value for entry in screen.success]


def test_without_landmarks_the_tips_stand_alone(report, made_up, open_screen):
    import dataclasses

    bare = tuple(dataclasses.replace(photo, landmarks=()) for photo in report.photos)
    path = made_up / "stranger-resnet18/evaluations/photos-test/report.json"
    dataclasses.replace(report, photos=bare).save(path)
    screen = open_screen("model/letters.py")
    assert not screen.image
    assert any("there are no landmarks to draw" in entry.value for entry in screen.caption)
