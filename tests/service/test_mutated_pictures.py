"""A few dozen of the pictures that benchmarks/service_mutations.py sends by the thousand."""

import random

from benchmarks.service_mutations import is_promised, mutated, pictures


def test_broken_pictures_get_a_promised_answer(client):
    draw = random.Random(7)
    seeds = pictures()
    statuses = set()
    for _ in range(60):
        data = mutated(draw.choice(seeds), draw)
        answer = client.post("/predict", files={"image": ("a", data)})
        assert is_promised(answer.status_code, answer.json()), answer.text
        statuses.add(answer.status_code)
    assert statuses == {200, 415}
