import threading

from pages.panels.frame.shared_recognizer import (
    _recognizer_of_service,
    service_beside_pages,
    shared_recognizer,
)


def test_pages_and_service_share_one_recognizer(tmp_path, monkeypatch):
    from scripts.made_up_run import write_constant_model

    write_constant_model(tmp_path / "constant")
    monkeypatch.setenv("ASL_MODELS", str(tmp_path))
    monkeypatch.setenv("ASL_SERVICE_MODEL", "constant")
    found = []
    thread = threading.Thread(target=lambda: found.append(_recognizer_of_service()))
    thread.start()
    thread.join(60)
    assert found[0].name == "constant"
    assert shared_recognizer(tmp_path / "constant") is found[0]


def test_nothing_is_loaded_before_it_is_needed(monkeypatch):
    monkeypatch.setenv("ASL_SERVICE_QUEUE_SIZE", "3")
    service = service_beside_pages()
    assert service.pool.state == "idle"
    assert service.settings.queue_size == 3
