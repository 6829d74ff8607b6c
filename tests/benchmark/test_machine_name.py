import platform

from asl_core.benchmark import machine_name


def test_the_processor_has_a_name():
    assert machine_name.processor_name().strip()


def test_without_linux_pythons_word_counts(monkeypatch, tmp_path):
    monkeypatch.setattr(machine_name, "Path", lambda place: tmp_path / "none")
    monkeypatch.setattr(platform, "processor", lambda: "arm")
    assert machine_name.processor_name() == "arm"
