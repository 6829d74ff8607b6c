"""Limits how many requests a second each client may send."""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

CLIENTS_KEPT = 10_000
"""Clients that are remembered; beyond that the one that was silent longest is forgotten."""

_IPV6_HOME_BITS = 64
_UNKNOWN = "unknown"

Address = IPv4Address | IPv6Address


class RateLimit:
    """A token bucket for each client; not thread-safe, it lives on the event loop.

    A bucket holds `burst` tokens and gains `per_second`; each request takes one. 0 per second
    means no limit.
    """

    def __init__(
        self, per_second: float, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def seconds_to_wait(self, client: str) -> float:
        """Take a token for a request of `client`: 0 if there was one, else how long to wait."""
        if self._per_second == 0:
            return 0.0
        now = self._clock()
        tokens, since = self._buckets.pop(client, (float(self._burst), now))
        tokens = min(float(self._burst), tokens + (now - since) * self._per_second)
        allowed = tokens >= 1
        self._buckets[client] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > CLIENTS_KEPT:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - tokens) / self._per_second


def client_key(peer: str | None, forwarded_for: Sequence[str], proxies: Sequence[str]) -> str:
    """Return what a client is counted by: its address, for IPv6 the /64 that one home has.

    `peer` is the address of the connection, `forwarded_for` the values of X-Forwarded-For. They
    are believed only as far as they were written by `proxies`: from the right, the first address
    that is not a proxy's is the client.
    """
    networks = [ip_network(proxy, strict=False) for proxy in proxies]
    client = _address(peer or "")
    hops = [hop.strip() for value in forwarded_for for hop in value.split(",")]
    while client is not None and hops and any(client in network for network in networks):
        further = _address(hops.pop())
        if further is None:
            break
        client = further
    if isinstance(client, IPv6Address):
        return str(IPv6Network((client, _IPV6_HOME_BITS), strict=False))
    return str(client) if client is not None else peer or _UNKNOWN


def _address(text: str) -> Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
