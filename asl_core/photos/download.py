"""Gets the Kaggle ASL Alphabet through kagglehub."""

from pathlib import Path
from typing import TYPE_CHECKING

from asl_core.errors import PhotoSetError

if TYPE_CHECKING:
    import requests

KAGGLE_HANDLE = "grassknoted/asl-alphabet"
KAGGLE_PAGE = f"https://www.kaggle.com/datasets/{KAGGLE_HANDLE}"

_REFUSED = (401, 403)


def download_kaggle_set(folder: Path | None = None) -> Path:
    """Download the 87,000 photos of the Kaggle ASL Alphabet (about 1 GB) and return their folder.

    They go to `folder`, by default to kagglehub's own cache; what is there already is not
    downloaded again, and a download that was cut off goes on. `read_photo_set` reads the result.

    Raises:
        PhotoSetError: kagglehub is not installed, Kaggle refuses because credentials are missing,
            it cannot be reached, what came is damaged, or it cannot be written.
    """
    try:
        import kagglehub
        import requests
        from kagglehub.exceptions import DataCorruptionError
    except ImportError as error:
        raise PhotoSetError(
            f"The download needs {error.name}; get it with: pip install kagglehub"
        ) from None
    target = None if folder is None else str(folder)
    try:
        return Path(kagglehub.dataset_download(KAGGLE_HANDLE, output_dir=target))
    except requests.HTTPError as error:
        raise PhotoSetError(_http_sentence(error)) from None
    except (requests.ConnectionError, requests.Timeout):
        raise PhotoSetError(
            f"Kaggle cannot be reached for {KAGGLE_HANDLE}: "
            "check the network and any proxy, then run the same command again."
        ) from None
    except DataCorruptionError:
        raise PhotoSetError(
            f"What came of {KAGGLE_HANDLE} is damaged; run the same command again."
        ) from None
    except FileExistsError:
        raise PhotoSetError(
            f"{folder} is not an empty folder; choose another one, or empty it first."
        ) from None
    except (OSError, ValueError) as error:  # a full disk, or a broken kaggle.json
        raise PhotoSetError(f"{KAGGLE_HANDLE} cannot be downloaded: {_first_line(error)}") from None


def _http_sentence(error: "requests.HTTPError") -> str:
    status = None if error.response is None else error.response.status_code
    if status in _REFUSED:
        return (
            f"Kaggle refuses {KAGGLE_HANDLE} without valid credentials (HTTP {status}): create a "
            "token at https://www.kaggle.com/settings and set KAGGLE_API_TOKEN to it, or save "
            "kaggle.json in ~/.kaggle."
        )
    return f"Kaggle does not give out {KAGGLE_HANDLE} (HTTP {status}); see {KAGGLE_PAGE}"


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
