import pytest

from asl_core.records.evaluation_report import EvaluationReport
from asl_core.records.signer_accuracy import signer_accuracy
from pages.panels.frame.menu import SCREENS, SECTIONS
from pages.panels.frame.run_choice import SAME_SIGNER_CLAIM


def test_without_a_run_it_tells_the_commands(open_app):
    app = open_app()
    assert [code.value for code in app.code] == [
        "python -m asl_core train --photos DIR --name my-run",
        "python -m asl_core evaluate my-run --photos DIR --split test",
    ]
    assert not app.metric


def test_the_headline_is_the_measured_figure_beside_the_quoted_one(made_up, open_app):
    app = open_app()
    path = made_up / "stranger-resnet18/evaluations/photos-test/report.json"
    report = EvaluationReport.load(path)
    static, mean = report.static, signer_accuracy(report)
    metrics = {m.label: m.value for m in app.metric}
    assert metrics["correct, mean of signers"] == f"{mean.accuracy * 100:.1f} %"
    assert metrics["correct, all photos"] == f"{static.accuracy * 100:.1f} %"
    assert metrics["no hand found"] == f"{static.no_hand_rate * 100:.1f} %"
    assert metrics["published, not measured here"] == SAME_SIGNER_CLAIM.figure
    assert any("claimed by" in caption.value for caption in app.caption)


def test_our_own_figure_on_the_known_signer_is_shown_where_it_was_measured(made_up, open_app):
    assert not any("Ours on that signer" in c.value for c in open_app().caption)
    from scripts.made_up_run import made_up_report

    report = made_up_report("stranger-resnet18", photos=52)
    report.save(made_up / "stranger-resnet18/evaluations/photos-reference/report.json")
    figure = f"**{report.static.accuracy * 100:.1f} %** of 48 photos"
    assert any(figure in caption.value for caption in open_app().caption)


def test_every_screen_is_linked_with_its_purpose(made_up, open_app):
    app = open_app()
    labels = {link.label for link in app.page_link}
    assert labels == {f"**{screen.title}**" for screen in SCREENS[1:]}
    captions = {caption.value for caption in app.caption}
    assert {screen.purpose for screen in SCREENS[1:]} <= captions


def test_a_broken_report_gives_a_sentence_and_the_page_lives(made_up, open_app):
    path = made_up / "stranger-resnet18/evaluations/photos-test/report.json"
    path.write_text("{")
    app = open_app()
    assert len(app.error) == 1
    assert "photos-test/report.json is not JSON" in app.error[0].value
    assert len(app.page_link) == len(SCREENS) - 1


def test_a_run_that_was_not_measured_says_how(made_up, open_app):
    for path in made_up.glob("*/evaluations/photos-test/report.json"):
        path.unlink()
    assert open_app().code[0].value == (
        "python -m asl_core evaluate stranger-resnet18 --photos DIR --split test"
    )


@pytest.mark.parametrize("screen", SCREENS[1:], ids=lambda screen: screen.address)
def test_the_menu_leads_to_every_screen(made_up, open_app, screen):
    app = open_app().switch_page(screen.script).run()
    assert not app.exception
    assert len(app.title) == 1


def test_the_button_leads_to_the_photo_screen(made_up, open_app):
    app = open_app()
    next(b for b in app.button if b.label == "Read a photo").click().run()
    assert app.title[0].value == "Read a photo"


def test_addresses_are_those_that_were_promised():
    addresses = [screen.address for screen in SCREENS]
    assert addresses[0] == ""
    promised = {"live", "photo", "training", "confusion", "letters", "who", "compare", "speed"}
    assert promised <= set(addresses)
    assert len(set(addresses)) == len(addresses)


def test_the_overview_leads_into_the_sections_of_the_menu(made_up, open_app):
    headings = [entry.value for entry in open_app().subheader]
    assert [name for name in headings if name in ("Read", "Learn", "The model")] == [
        section.title for section in SECTIONS
    ]


def test_no_section_is_empty():
    assert all(section.screens for section in SECTIONS)
