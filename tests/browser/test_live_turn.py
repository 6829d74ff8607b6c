"""Video that only a TURN server passes on: a real coturn, with the settings of docs/live.md."""

import shutil
import socket
import subprocess
import time

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from scripts.fake_webcam import words_of_drawn_hands, write_webcam_file
from scripts.live_page import open_live, start_camera, transcript_of
from scripts.running_app import chromium_path, running_app, running_browser

TURNSERVER = shutil.which("turnserver")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium_path() is None, reason="there is no Chromium on this machine"),
    pytest.mark.skipif(TURNSERVER is None, reason="coturn is not installed"),
]

USER, PASSWORD = "asl", "a-long-password"
SPELL_SECONDS = 90

ONLY_RELAYED = """
const Plain = RTCPeerConnection;
window.RTCPeerConnection = class extends Plain {
    constructor(settings = {}, ...rest) {
        super({...settings, iceTransportPolicy: "relay"}, ...rest);
    }
};
"""
"""Makes the browser's own addresses unknown, as a firewall would."""


@pytest.fixture
def turn(tmp_path):
    """Run coturn on this machine; give its address and the file that it writes its log to."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "turn.log"
    command = [TURNSERVER, "--no-tls", "--no-dtls", "--no-cli", "--lt-cred-mech", "--fingerprint"]
    command += ["--realm=turn.example.org", f"--user={USER}:{PASSWORD}", "--allow-loopback-peers"]
    command += ["--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1", f"--listening-port={port}"]
    command += [f"--log-file={log}", "--simple-log", "--verbose"]
    command += [f"--userdb={tmp_path / 'turndb'}", f"--pidfile={tmp_path / 'turn.pid'}"]
    with log.open("w") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output, cwd=tmp_path)
        time.sleep(1)
        assert server.poll() is None, log.read_text()
        yield f"turn:127.0.0.1:{port}", log
        server.terminate()
        server.wait(10)


def letters_through(url: str, password: str, clip, seconds: float) -> str:
    """Spell into the page over nothing but the relay, and give what was read."""
    settings = {
        "ASL_TURN_URL": url,
        "ASL_TURN_USERNAME": USER,
        "ASL_TURN_CREDENTIAL": password,
        "ASL_STUN_URL": "",
        "ASL_ICE_SERVERS": "",
    }
    with running_app(settings) as address, running_browser(clip) as browser:
        context = browser.new_context()
        context.add_init_script(ONLY_RELAYED)
        page = open_live(context, address)
        start_camera(page)
        until = time.monotonic() + seconds
        while not (text := transcript_of(page).strip()) and time.monotonic() < until:
            page.wait_for_timeout(500)
        return text


@pytest.fixture
def webcam(tmp_path):
    clip = tmp_path / "webcam.mjpeg"
    write_webcam_file(clip, words_of_drawn_hands(("LAB",)))
    return clip


def test_letters_are_read_where_only_a_relay_leads_to_the_server(turn, webcam):
    url, log = turn
    assert letters_through(url, PASSWORD, webcam, SPELL_SECONDS)
    assert "ALLOCATE processed, success" in log.read_text(errors="replace")


def test_without_the_right_password_nothing_comes_through(turn, webcam):
    url, _ = turn
    assert letters_through(url, "another", webcam, 25) == ""
