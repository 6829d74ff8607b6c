"""Starts Ray on this machine, or joins a cluster, and leaves nothing behind."""

import importlib.util
import logging
import os
import secrets
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from asl_core.errors import SettingsError
from asl_core.letters.device import usable_cores

NOT_INSTALLED = (
    "Ray is not installed, which --engine ray needs; get it with: "
    "pip install 'asl-fingerspelling-dashboard[scale]'"
)
OBJECT_STORE_BYTES = 256 * 1024 * 1024
"""Shared memory of a Ray on this machine; encoded pictures and rows pass through it, no frames."""

START_SECONDS = 300.0
"""Longest wait for the parts of a Ray on this machine."""


_PREFIX = "asl-ray-"
_SOURCE = Path(__file__).parents[2]


def require_ray() -> None:
    """Check that Ray is there; it is not imported.

    Raises:
        SettingsError: it is not installed.
    """
    if importlib.util.find_spec("ray") is None:
        raise SettingsError(NOT_INSTALLED)


@contextmanager
def ray_session(address: str | None = None, cores: float = 0) -> Iterator[None]:
    """Hold a Ray on this machine, or a connection to the cluster at `address`.

    On this machine Ray offers at least `cores` cores, more than there are where that is asked for:
    then they are shared. Its files lie in a temporary folder that is removed at the end, its ports
    ask for a token that only this process and its children know, and it reports to nobody. A Ray
    that this process holds already is used and left running.

    Raises:
        SettingsError: Ray is not installed, cannot be started, or `address` does not answer.
    """
    require_ray()
    if _is_held():
        yield
        return
    with ExitStack() as stack:
        stack.enter_context(_environment(_variables(is_local=address is None)))
        import ray

        silence()
        options = _local_options(stack, cores) if address is None else {"address": address}
        _connect(ray, address, options)
        stack.callback(ray.shutdown)
        if address is None:
            stack.callback(_end_serve)
        yield


def _is_held() -> bool:
    # Ray takes a second to import, and reads its environment then.
    return "ray" in sys.modules and bool(sys.modules["ray"].is_initialized())


def _end_serve() -> None:
    """End Ray Serve where it was started; it keeps its connection in the process otherwise."""
    if "ray.serve" in sys.modules:
        sys.modules["ray.serve"].shutdown()


def _connect(ray: Any, address: str | None, options: dict[str, Any]) -> None:
    try:
        with _patience():
            ray.init(log_to_driver=False, configure_logging=False, **options)
    except Exception as error:  # a bare one where its parts did not start in time
        ray.shutdown()
        where = f"at {address}" if address else "on this machine"
        reason = next(iter(str(error).strip().splitlines()), type(error).__name__)
        raise SettingsError(f"No Ray {where}: {reason.rstrip('.')}.") from None


@contextmanager
def _patience() -> Iterator[None]:
    """Give Ray's parts START_SECONDS to start; it has half a minute for them, fixed in its code.

    Beside a training, a dozen processes that import Ray take longer.
    """
    from ray._private import services

    ask = services.get_node

    def ask_again(*given: Any, **named: Any) -> Any:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return ask(*given, **named)
            except RuntimeError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    services.get_node = ask_again
    try:
        yield
    finally:
        services.get_node = ask


def _local_options(stack: ExitStack, cores: float) -> dict[str, Any]:
    remove_left_over(Path(tempfile.gettempdir()))
    folder = tempfile.mkdtemp(prefix=_PREFIX)
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    before = os.environ.get("PYTHONPATH")
    path = str(_SOURCE) if not before else f"{_SOURCE}{os.pathsep}{before}"
    return {
        "address": "local",  # by default Ray joins any other that runs on this machine
        "include_dashboard": False,
        "num_cpus": max(usable_cores(), round(cores + 0.5 - 1e-9)),
        "object_store_memory": OBJECT_STORE_BYTES,
        "_temp_dir": folder,
        # Workers start in a folder of their own, and find a checkout's package only this way.
        "runtime_env": {"env_vars": {"PYTHONPATH": path}},
    }


def remove_left_over(place: Path) -> None:
    """Remove the folders of processes that were killed; a Ray names its session by its process."""
    for folder in place.glob(f"{_PREFIX}*"):
        pids = [session.name.rsplit("_", 1)[1] for session in folder.glob("session_2*")]
        if pids and not any(_is_alive(int(pid)) for pid in pids):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    return True


def _variables(is_local: bool) -> dict[str, str]:
    quiet = {
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_DATA_DISABLE_PROGRESS_BARS": "1",
        # A replica's event loop waits for Python's lock while its detectors hand frames over; with
        # Ray's tenth of a second, busy replicas count as not answering.
        "RAY_SERVE_QUEUE_LENGTH_RESPONSE_DEADLINE_S": "1",
        # Silences a warning about the future of a value that Ray sets for GPUs by itself.
        "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
    }
    if is_local:
        seconds = round(START_SECONDS)
        quiet |= {
            "RAY_gcs_server_port_wait_time_s": f"{seconds}",
            "RAY_agent_register_timeout_ms": f"{seconds * 1000}",
            "RAY_worker_register_timeout_seconds": f"{seconds}",
        }
        # Ray would start an idle process for each core, beside those that are asked for.
        quiet |= {"RAY_prestart_worker_first_driver": "0", "RAY_enable_worker_prestart": "0"}
        # Without a token in the environment Ray would write one to the home folder.
        quiet |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": secrets.token_hex(32)}
    return quiet


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set variables that are not set yet, and take them back."""
    added = [name for name in values if name not in os.environ]
    os.environ.update({name: values[name] for name in added})
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)


def silence() -> None:
    """Keep Ray off the terminal: answers, tables and errors are the commands' own.

    To be called again once ray.serve is imported, which sets the level of its logger.
    """
    import ray

    for name in ("ray", "ray.serve", "ray.data"):
        logging.getLogger(name).setLevel(logging.ERROR)
    # `log_to_driver` leaves the cluster's own messages, such as that a worker ended; Ray's debugger
    # switches them off the same way.
    ray._private.worker._worker_logs_enabled = False
