"""Schemathesis asks the service whatever its own OpenAPI document allows and forbids."""

import base64
import io

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from starlette.applications import Starlette

REDS = (0, 100, 150, 200)


def encoded(red):
    buffer = io.BytesIO()
    Image.new("RGB", (80, 40), (red, 0, 0)).save(buffer, "PNG")
    return buffer.getvalue()


PICTURES = st.sampled_from([encoded(red) for red in REDS])
# A schema cannot say "these bytes are a picture", so valid values of these formats are given here.
schemathesis.openapi.format("binary", PICTURES)
schemathesis.openapi.format(
    "image-data-url",
    PICTURES.map(lambda data: "data:image/png;base64," + base64.b64encode(data).decode()),
)

pytestmark = pytest.mark.slow


@pytest.fixture
def document(start):
    service = start().service
    # Without the service's own start and end: it runs already.
    return schemathesis.openapi.from_asgi("/openapi.json", Starlette(routes=service.routes()))


CASES = {
    "predict, what is allowed": ("/predict", "POST", "positive"),
    "predict, what is forbidden": ("/predict", "POST", "negative"),
    "healthz": ("/healthz", "GET", "positive"),
    "readyz": ("/readyz", "GET", "positive"),
    "metrics": ("/metrics", "GET", "positive"),
}


@pytest.mark.parametrize(("path", "method", "mode"), CASES.values(), ids=CASES.keys())
def test_the_service_keeps_its_own_document(document, path, method, mode):
    chosen = schemathesis.GenerationMode(mode)
    asked = []

    @settings(
        max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(case=document[path][method].as_strategy(generation_mode=chosen))
    def ask(case):
        asked.append(case.call_and_validate().status_code)

    ask()
    if path == "/predict":
        assert len(asked) >= 20
        assert (200 in asked) == (mode == "positive")
    else:
        assert asked
