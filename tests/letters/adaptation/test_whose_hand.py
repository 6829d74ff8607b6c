from asl_core.letters.adaptation.whose_hand import LEAST_SEEN, MOST_SEEN, OWN_NEARNESS, WhoseHand

NEAR, FAR = OWN_NEARNESS + 0.05, OWN_NEARNESS - 0.05


def after(*values):
    whose = WhoseHand()
    for value in values:
        whose.add(value)
    return whose.seems_another


def test_a_few_letters_say_nothing():
    assert not after(*[FAR] * (LEAST_SEEN - 1))
    assert after(*[FAR] * LEAST_SEEN)


def test_single_letters_that_look_different_are_no_stranger():
    assert not after(NEAR, FAR, NEAR, FAR, NEAR)


def test_old_letters_are_forgotten():
    assert not after(*[FAR] * 50, *[NEAR] * MOST_SEEN)


def test_forgets_and_ignores_what_was_read_without_a_taught_hand():
    whose = WhoseHand()
    for _ in range(LEAST_SEEN):
        whose.add(FAR)
    whose.forget()
    whose.see(None)
    assert not whose.seems_another
