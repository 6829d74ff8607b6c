import pytest

from asl_core.errors import SettingsError
from asl_core.scale.replica_settings import ReplicaSettings


def test_a_fixed_number_of_replicas():
    options = ReplicaSettings(replicas=2, workers=3, queue_size=9).deployment_options()
    assert options["num_replicas"] == 2
    assert options["ray_actor_options"] == {"num_cpus": 3, "num_gpus": 0}
    assert options["max_queued_requests"] == 9
    assert options["max_ongoing_requests"] > 3
    assert "autoscaling_config" not in options


def test_replicas_scale_with_the_load():
    settings = ReplicaSettings(replicas=1, most=4, workers=2)
    scaling = settings.deployment_options()["autoscaling_config"]
    assert (scaling["min_replicas"], scaling["max_replicas"]) == (1, 4)
    assert scaling["target_ongoing_requests"] == 2
    assert "num_replicas" not in settings.deployment_options()
    assert settings.cores == 8


@pytest.mark.parametrize(("gpus", "device"), [(0, "cpu"), (0.25, "cuda"), (1, "cuda"), (2, "cuda")])
def test_a_share_of_a_gpu(gpus, device):
    settings = ReplicaSettings(gpus=gpus)
    assert settings.device == device
    assert settings.deployment_options()["ray_actor_options"]["num_gpus"] == gpus


WRONG = {
    "none": ({"replicas": 0}, "replicas is 0; allowed are 1 to 1000."),
    "too many": ({"replicas": 1001}, "replicas is 1001; allowed are 1 to 1000."),
    "fewer at most": ({"replicas": 3, "most": 2}, "max replicas is 2; allowed are 3 "),
    "one and a half": ({"gpus": 1.5}, "gpus per replica is 1.5; allowed are 0 to 1, or a whole"),
    "less than none": ({"gpus": -0.5}, "gpus per replica is -0.5; allowed are 0 to 1"),
}


@pytest.mark.parametrize(("values", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_what_is_out_of_range(values, sentence):
    with pytest.raises(SettingsError) as refused:
        ReplicaSettings(**values)
    assert str(refused.value).startswith(sentence)
