import pytest

from asl_core.service import rate_limit
from asl_core.service.rate_limit import RateLimit, client_key


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def test_a_bucket_empties_and_fills():
    clock = Clock()
    limit = RateLimit(2.0, 3, clock)
    assert [limit.seconds_to_wait("a") for _ in range(4)] == [0, 0, 0, 0.5]
    clock.now += 0.25
    assert limit.seconds_to_wait("a") == 0.25
    clock.now += 0.25
    assert [limit.seconds_to_wait("a") for _ in range(2)] == [0, 0.5]
    clock.now += 60
    assert [limit.seconds_to_wait("a") for _ in range(4)] == [0, 0, 0, 0.5]


def test_clients_do_not_take_from_each_other():
    limit = RateLimit(1.0, 1, Clock())
    assert [limit.seconds_to_wait(client) for client in "aba"] == [0, 0, 1]


def test_zero_is_no_limit():
    limit = RateLimit(0, 1, Clock())
    assert not any(limit.seconds_to_wait("a") for _ in range(100))


def test_only_so_many_clients_are_remembered(monkeypatch):
    monkeypatch.setattr(rate_limit, "CLIENTS_KEPT", 2)
    limit = RateLimit(1.0, 1, Clock())
    for client in "abc":
        limit.seconds_to_wait(client)
    assert len(limit._buckets) == 2
    assert limit.seconds_to_wait("c") == 1
    assert limit.seconds_to_wait("a") == 0


KEYS = {
    "direct": ("1.1.1.1", [], (), "1.1.1.1"),
    "a client that claims to be another": ("1.1.1.1", ["9.9.9.9"], (), "1.1.1.1"),
    "proxy": ("10.0.0.1", ["2.2.2.2"], ("10.0.0.0/8",), "2.2.2.2"),
    "claim before the proxy": ("10.0.0.1", ["9.9.9.9, 2.2.2.2"], ("10.0.0.0/8",), "2.2.2.2"),
    "two proxies": ("10.0.0.1", ["2.2.2.2", "10.0.0.7"], ("10.0.0.0/8",), "2.2.2.2"),
    "only proxies": ("10.0.0.1", ["10.0.0.7"], ("10.0.0.0/8",), "10.0.0.7"),
    "nonsense": ("10.0.0.1", ["2.2.2.2, house"], ("10.0.0.0/8",), "10.0.0.1"),
    "one home": ("2001:db8:1:2:3:4:5:6", [], (), "2001:db8:1:2::/64"),
    "IPv4 as IPv6": ("::ffff:1.1.1.1", [], (), "1.1.1.1"),
    "a test's client": ("testclient", [], (), "testclient"),
    "a socket of the machine": (None, [], (), "unknown"),
}


@pytest.mark.parametrize(("peer", "hops", "proxies", "key"), KEYS.values(), ids=KEYS.keys())
def test_who_the_client_is(peer, hops, proxies, key):
    assert client_key(peer, hops, proxies) == key
