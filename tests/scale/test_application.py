"""The application that deploy/kuberay.yaml names, behind Ray Serve's own HTTP proxy."""

import importlib
import importlib.util
import io
import json
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import yaml
from PIL import Image

MANIFEST = Path(__file__).parents[2] / "deploy" / "kuberay.yaml"
LISTS = MANIFEST.parents[1] / "requirements-scale.in"

needs_ray = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason="needs Ray: pip install '.[scale]'"
)


@pytest.fixture(scope="module")
def manifest():
    return yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))


def asked(address, body=None):
    """Return the status, the object and the headers of an answer."""
    request = urllib.request.Request(
        address, body and json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.load(answer), answer.headers
    except urllib.error.HTTPError as error:
        return error.code, json.load(error), error.headers


def test_the_manifest_runs_the_version_that_is_pinned(manifest):
    spec = manifest["spec"]["rayClusterConfig"]
    assert f"ray[serve,data]=={spec['rayVersion']} " in LISTS.read_text(encoding="utf-8")
    assert (manifest["apiVersion"], manifest["kind"]) == ("ray.io/v1", "RayService")
    head = spec["headGroupSpec"]
    containers = [
        group["template"]["spec"]["containers"][0] for group in (head, *spec["workerGroupSpecs"])
    ]
    assert len({container["image"] for container in containers}) == 1
    assert head["rayStartParams"]["num-cpus"] == "0"


def test_environment_of_the_manifest_is_allowed(manifest):
    from asl_core.service.settings import ServiceSettings

    group = manifest["spec"]["rayClusterConfig"]["headGroupSpec"]
    listed = group["template"]["spec"]["containers"][0]["env"]
    values = {variable["name"]: variable["value"] for variable in listed}
    assert ServiceSettings.from_environment(values).queue_size == 64


@needs_ray
def test_the_manifest_names_an_application_and_arguments_that_it_takes(manifest):
    from ray.serve.schema import ServeDeploySchema

    from asl_core.scale.application import ScaleArguments

    config = yaml.safe_load(manifest["spec"]["serveConfigV2"])
    ServeDeploySchema.model_validate(config)
    (application,) = config["applications"]
    module, name = application["import_path"].split(":")
    assert callable(getattr(importlib.import_module(module), name))
    arguments = ScaleArguments(**application["args"])
    assert arguments.max_replicas and arguments.max_replicas > arguments.replicas


@needs_ray
def test_an_argument_that_is_out_of_range_is_refused():
    from asl_core.errors import SettingsError
    from asl_core.scale.application import ScaleArguments, build

    with pytest.raises(SettingsError, match="replicas is 0"):
        build(ScaleArguments(replicas=0))


@pytest.mark.slow
def test_the_same_contract_behind_serves_proxy(ray_here, tmp_path, drawn_frame, data_url):
    from ray import serve

    from asl_core.scale.application import ScaleArguments, build
    from scripts.made_up_run import write_constant_model, write_made_up_run

    model = tmp_path / "constant"
    write_made_up_run(model)
    write_constant_model(model)
    serve.run(build(ScaleArguments(model=str(model))), name="whole", route_prefix="/")
    try:
        deadline = time.monotonic() + 120
        while (ready := asked(f"{ray_here}/readyz"))[0] != 200:
            assert (ready[0], ready[2]["retry-after"]) == (503, "3")
            assert time.monotonic() < deadline, ready[1]
            time.sleep(0.2)
        assert (ready[1]["status"], ready[1]["model"]) == ("ready", "constant")
        status, answer, _ = asked(f"{ray_here}/predict", {"image": data_url(drawn_frame("B"))})
        assert (status, answer["prediction"], answer["model"]) == (200, "A", "constant")
        status, answer, _ = asked(f"{ray_here}/predict", {"image": "aGFsbG8="})
        assert status == 415
        assert answer["error"].startswith("The image is not a picture that can be read")
        assert asked(f"{ray_here}/nowhere")[0] == 404
    finally:
        serve.delete("whole")


@pytest.fixture
def data_url():
    def encode(frame):
        import base64

        buffer = io.BytesIO()
        Image.fromarray(frame).save(buffer, "JPEG")
        return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()

    return encode
