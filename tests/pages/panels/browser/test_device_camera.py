import pytest

from pages.panels.browser.device_camera import DeviceCamera, read_state


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (None, DeviceCamera()),
        ("running", DeviceCamera()),
        ({}, DeviceCamera()),
        ({"running": True, "code": ""}, DeviceCamera(is_running=True)),
        ({"running": 1, "code": "slow"}, DeviceCamera(trouble="slow")),
        ({"running": True, "code": "<b>"}, DeviceCamera(is_running=True)),
    ],
    ids=["nothing", "a text", "an empty one", "running", "slow", "unknown trouble"],
)
def test_what_the_browser_sends_is_read_with_care(sent, expected):
    assert read_state(sent) == expected
