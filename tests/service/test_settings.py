import pytest

from asl_core.errors import SettingsError
from asl_core.service.settings import ServiceSettings


def test_the_environment_sets_what_it_names():
    settings = ServiceSettings.from_environment(
        {
            "ASL_SERVICE_QUEUE_SIZE": "7",
            "ASL_SERVICE_MAX_BODY_MB": " 2.5 ",
            "ASL_SERVICE_PROXIES": "10.0.0.0/8, ::1",
            "ASL_SERVICE_BURST": "",
        }
    )
    assert (settings.queue_size, settings.max_body_bytes) == (7, 2_500_000)
    assert settings.proxies == ("10.0.0.0/8", "::1")
    assert settings.burst == ServiceSettings().burst


WRONG = {
    "no number": ({"QUEUE_SIZE": "many"}, "ASL_SERVICE_QUEUE_SIZE is 'many', not a whole number."),
    "no whole number": ({"WORKERS": "1.5"}, "ASL_SERVICE_WORKERS is '1.5', not a whole number."),
    "too few": ({"WORKERS": "0"}, "workers is 0; allowed are 1 to 16."),
    "not a number": ({"MAX_BODY_MB": "nan"}, "max_body_mb is nan; allowed are 0.01 to 64."),
    "proxy": ({"PROXIES": "house"}, "'house' is not an address or network of a proxy, such as "),
    "origin": ({"ORIGINS": "*"}, "'*' is not the origin of a web site, such as "),
    "path": ({"ORIGINS": "https://a.org/x"}, "'https://a.org/x' is not the origin of a web site"),
}


@pytest.mark.parametrize(("given", "sentence"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_value_is_one_sentence(given, sentence):
    with pytest.raises(SettingsError) as caught:
        ServiceSettings.from_environment({f"ASL_SERVICE_{k}": v for k, v in given.items()})
    assert str(caught.value).startswith(sentence)
