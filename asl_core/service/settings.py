"""The settings of the service, and their allowed ranges."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from ipaddress import ip_network
from typing import Any, Self

from asl_core.errors import SettingsError

PREFIX = "ASL_SERVICE_"
"""Each setting is also read from the environment, such as ASL_SERVICE_QUEUE_SIZE."""

_RANGES: dict[str, tuple[float, float]] = {
    "workers": (1, 16),
    "queue_size": (1, 1000),
    "max_body_mb": (0.01, 64),
    "body_seconds": (0.1, 600),
    "max_uploads": (1, 1000),
    "requests_per_second": (0, 10_000),
    "burst": (1, 100_000),
}


@dataclass(frozen=True)
class ServiceSettings:
    """Limits of the service.

    `workers` threads read pictures, each with its own detector; at most `queue_size` pictures
    wait for them. A request body has at most `max_body_mb` MB, must arrive within `body_seconds`,
    and at most `max_uploads` arrive at a time. A client may send `requests_per_second` on average
    and `burst` at once; 0 requests per second means without limit. `proxies` are the addresses or
    networks whose X-Forwarded-For is believed. `origins` are the other web sites whose pages may
    call the service.

    Raises:
        SettingsError: a value is out of its range.
    """

    workers: int = min(2, os.cpu_count() or 1)
    queue_size: int = 16
    max_body_mb: float = 16.0
    body_seconds: float = 20.0
    max_uploads: int = 32
    requests_per_second: float = 10.0
    burst: int = 30
    proxies: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise SettingsError(f"{name} is {value}; allowed are {low:g} to {high:g}.")
        for proxy in self.proxies:
            try:
                ip_network(proxy, strict=False)
            except ValueError:
                raise SettingsError(
                    f"{proxy!r} is not an address or network of a proxy, such as 10.0.0.0/8."
                ) from None
        for origin in self.origins:
            if not origin.startswith(("http://", "https://")) or origin.count("/") != 2:
                raise SettingsError(
                    f"{origin!r} is not the origin of a web site, such as https://example.org."
                )

    @property
    def max_body_bytes(self) -> int:
        """Most bytes of a request body."""
        return int(self.max_body_mb * 1_000_000)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read ASL_SERVICE_WORKERS and so on; lists are separated by commas.

        Raises:
            SettingsError: a value is no number, or out of its range.
        """
        given: dict[str, Any] = {}
        for field in fields(cls):
            text = environment.get(PREFIX + field.name.upper(), "").strip()
            if text:
                given[field.name] = _parsed(field.name, text, type(field.default))
        return cls(**given)


def _parsed(name: str, text: str, kind: type[Any]) -> Any:
    if kind is tuple:
        return tuple(part.strip() for part in text.split(",") if part.strip())
    try:
        return kind(text)
    except ValueError:
        wanted = "a whole number" if kind is int else "a number"
        raise SettingsError(f"{PREFIX}{name.upper()} is {text!r}, not {wanted}.") from None
