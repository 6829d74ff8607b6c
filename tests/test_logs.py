import json
import logging
import re

import pytest

from asl_core import logs
from asl_core.errors import SettingsError
from asl_core.logs import JsonLines, LogSettings, TextLines, log_event, set_up_logs

OURS = logging.getLogger("asl_core.made_up")
FOREIGN = logging.getLogger("made_up_library")


@pytest.fixture
def written(capsys):
    """Return a function that gives what was written to stderr since the last call.

    Afterwards every logger is as it was.
    """
    loggers = [logging.getLogger(), *map(logging.getLogger, logs.PACKAGES)]
    before = [(logger, logger.level, logger.propagate, logger.handlers[:]) for logger in loggers]
    yield lambda: capsys.readouterr().err
    for logger, level, propagate, handlers in before:
        logger.setLevel(level)
        logger.propagate, logger.handlers = propagate, handlers


def broken():
    try:
        raise ZeroDivisionError("by zero")
    except ZeroDivisionError as error:
        return error


def test_an_event_is_one_json_object_on_one_line(written):
    set_up_logs(LogSettings("json"), whole_process=True)
    before = logs.current_request_id.set("id-1")
    log_event(OURS, logging.INFO, "done", status=200, reason=None, route="/a b\n")
    logs.current_request_id.reset(before)
    (line,) = written().splitlines()
    values = json.loads(line)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", values.pop("time"))
    assert values == {
        "level": "info",
        "event": "done",
        "logger": "asl_core.made_up",
        "request_id": "id-1",
        "status": 200,
        "route": "/a b\n",
    }


def test_an_error_has_its_class_and_traceback(written):
    set_up_logs(LogSettings("json"), whole_process=True)
    log_event(OURS, logging.ERROR, "breakdown", broken())
    values = json.loads(written())
    assert values["error"] == "ZeroDivisionError"
    assert values["traceback"].endswith("ZeroDivisionError: by zero")
    assert "request_id" not in values


def test_a_sentence_is_the_message(written):
    set_up_logs(LogSettings("json"), whole_process=True)
    FOREIGN.warning("It is %d.", 5)
    values = json.loads(written())
    assert (values["event"], values["message"], values["logger"]) == (
        "message",
        "It is 5.",
        "made_up_library",
    )


def test_text_is_for_a_person(written):
    set_up_logs(LogSettings("text"), whole_process=True)
    log_event(OURS, logging.WARNING, "frame_error", broken(), visit="ab", path="a b\n")
    line, *rest = written().splitlines()
    assert line.partition(" ")[2] == 'WARNING frame_error visit=ab path="a b\\n"'
    assert rest[-1] == "ZeroDivisionError: by zero"


@pytest.mark.parametrize("level", logs.LEVELS)
def test_less_severe_lines_are_left_out(written, level):
    set_up_logs(LogSettings("text", level), whole_process=False)
    for name in logs.LEVELS:
        log_event(OURS, getattr(logging, name.upper()), name)
    told = [line.split()[2] for line in written().splitlines()]
    assert told == list(logs.LEVELS[logs.LEVELS.index(level) :])


def test_beside_another_program_only_our_own_loggers_are_touched(written):
    root = logging.getLogger()
    before = (root.level, root.handlers[:])
    set_up_logs(LogSettings("json"), whole_process=False)
    assert (root.level, root.handlers) == before
    FOREIGN.warning("not ours")
    log_event(logging.getLogger("pages.made_up"), logging.INFO, "ours")
    told = written()
    assert "not ours" not in told
    assert '"event": "ours"' in told


def test_a_second_call_replaces_the_first(written):
    set_up_logs(LogSettings("text"), whole_process=False)
    set_up_logs(LogSettings("json"), whole_process=True)
    log_event(OURS, logging.INFO, "once")
    assert json.loads(written())["event"] == "once"


@pytest.mark.parametrize(("is_terminal", "form"), [(True, "text"), (False, "json")])
def test_the_form_is_for_whoever_reads(is_terminal, form):
    assert LogSettings.from_environment(is_terminal, {}) == LogSettings(form, "info")


def test_settings_come_from_the_environment():
    given = {"ASL_LOG_FORMAT": " JSON", "ASL_LOG_LEVEL": "Debug"}
    assert LogSettings.from_environment(True, given) == LogSettings("json", "debug")


WRONG = {
    "ASL_LOG_FORMAT": "ASL_LOG_FORMAT is 'loud'; allowed are text, json.",
    "ASL_LOG_LEVEL": "ASL_LOG_LEVEL is 'loud'; allowed are debug, info, warning, error.",
}


@pytest.mark.parametrize(("variable", "sentence"), WRONG.items(), ids=WRONG.keys())
def test_a_wrong_value_is_one_sentence(variable, sentence):
    with pytest.raises(SettingsError) as refusal:
        LogSettings.from_environment(False, {variable: "loud"})
    assert str(refusal.value) == sentence


@pytest.mark.parametrize("form", [JsonLines, TextLines])
def test_lines_are_ascii_or_whole(form):
    record = logging.makeLogRecord({"msg": "Größe\u2028", "levelname": "INFO", "name": "x"})
    line = form().format(record)
    assert len(line.split("\n")) == 1
    assert form is TextLines or line.isascii()
