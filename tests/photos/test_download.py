import sys
from pathlib import Path

import kagglehub
import pytest
import requests
from kagglehub.exceptions import DataCorruptionError, KaggleApiHTTPError

from asl_core.errors import PhotoSetError
from asl_core.photos.download import download_kaggle_set
from asl_core.photos.photo_set import read_photo_set


def refusal(status: int) -> KaggleApiHTTPError:
    response = requests.Response()
    response.status_code = status
    return KaggleApiHTTPError("several\n\nlines of text", response=response)


@pytest.fixture
def answer(monkeypatch):
    """Return a function that makes kagglehub answer with a folder or an error; calls are kept."""
    calls = []

    def prepare(result):
        def dataset_download(handle, *, output_dir=None):
            calls.append((handle, output_dir))
            if isinstance(result, Exception):
                raise result
            return result

        monkeypatch.setattr(kagglehub, "dataset_download", dataset_download)
        return calls

    return prepare


def test_the_folder_that_kagglehub_gives_is_a_photo_set(tmp_path, answer, draw_scene):
    nested = "asl_alphabet_train/asl_alphabet_train/A/A1.jpg"
    draw_scene(tmp_path / nested, 1)
    calls = answer(str(tmp_path))
    folder = download_kaggle_set()
    assert folder == tmp_path
    assert calls == [("grassknoted/asl-alphabet", None)]
    assert [photo.photo_id for photo in read_photo_set(folder).photos] == ["A/A1.jpg"]


def test_the_photos_go_to_the_folder_that_is_asked_for(answer):
    calls = answer("kaggle")
    assert download_kaggle_set(Path("kaggle")) == Path("kaggle")
    assert calls == [("grassknoted/asl-alphabet", "kaggle")]


ERRORS = {
    "no credentials": (refusal(401), "without valid credentials (HTTP 401): create a token at"),
    "no permission": (refusal(403), "without valid credentials (HTTP 403): create a token at"),
    "gone": (refusal(404), "does not give out grassknoted/asl-alphabet (HTTP 404); see https://"),
    "server fault": (refusal(500), "does not give out grassknoted/asl-alphabet (HTTP 500)"),
    "no response": (KaggleApiHTTPError("x"), "(HTTP None)"),
    "no network": (requests.ConnectionError("Max retries"), "cannot be reached"),
    "proxy": (requests.exceptions.ProxyError("x"), "cannot be reached"),
    "slow network": (requests.ReadTimeout("x"), "cannot be reached"),
    "damaged": (DataCorruptionError("MD5 a\nis not\nb"), "is damaged; run the same command again"),
    "folder in use": (FileExistsError("output_dir is not empty"), "kaggle is not an empty folder"),
    "full disk": (OSError(28, "No space left on device"), "No space left on device"),
    "broken kaggle.json": (ValueError("Invalid Kaggle credentials file\nx"), "Invalid Kaggle cred"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_each_error_is_one_sentence(answer, name):
    error, part = ERRORS[name]
    answer(error)
    with pytest.raises(PhotoSetError) as caught:
        download_kaggle_set(Path("kaggle"))
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_missing_kagglehub_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "kagglehub", None)
    with pytest.raises(PhotoSetError, match="needs kagglehub; get it with: pip install kagglehub"):
        download_kaggle_set()
