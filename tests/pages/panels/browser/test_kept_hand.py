import pytest

from pages.panels.browser.kept_hand import BrowserHand, read_answer


def test_until_the_browser_answers_nothing_is_known():
    assert read_answer(None, None) == BrowserHand()
    assert read_answer({"hand": "x"}, None) == BrowserHand()


def test_what_the_browser_holds():
    found = {"answered": True, "hand": "{}", "is_on": True}
    assert read_answer(found, None) == BrowserHand("{}", True, True)
    assert read_answer({"answered": True}, None) == BrowserHand("", False, True)


@pytest.mark.parametrize("hand", [None, 3, ["{}"]])
def test_what_is_no_text_counts_as_no_hand(hand):
    assert read_answer({"answered": True, "hand": hand}, None).text == ""


def test_a_browser_that_refuses_to_keep_is_noticed():
    assert not read_answer(None, {"number": 1, "is_kept": False}).is_kept
    assert read_answer(None, {"number": 1, "is_kept": True}).is_kept
