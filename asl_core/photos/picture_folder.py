"""A folder of pictures that are prepared once from a photo set and kept for training."""

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from asl_core.errors import PhotoSetError
from asl_core.photos.photo_set import PhotoSet


@dataclass(frozen=True)
class PictureFolder:
    """A folder whose `settings_file` tells from which photos and how its pictures were made.

    `kind` names in messages what it holds, such as "crops".
    """

    path: Path
    kind: str
    settings_file: str
    settings: dict[str, object]

    @property
    def is_current(self) -> bool:
        """Whether the folder holds pictures of the same photos, made with the same settings."""
        try:
            kept = json.loads((self.path / self.settings_file).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        return bool(kept == self.settings)

    @contextmanager
    def rewriting(self) -> Iterator[Path]:
        """Yield an empty folder to write to, which takes this folder's place at the end.

        Until then, and where the block raises, what was in the folder stays.

        Raises:
            PhotoSetError: the folder holds something other than such pictures.
        """
        self._require_replaceable()
        partial = self.path.with_name(self.path.name + ".partial")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        yield partial
        (partial / self.settings_file).write_text(json.dumps(self.settings), encoding="utf-8")
        shutil.rmtree(self.path, ignore_errors=True)
        partial.rename(self.path)

    def damaged(self, reason: object) -> PhotoSetError:
        """Return the error for a folder whose files do not fit each other."""
        return PhotoSetError(
            f"The {self.kind} in {self.path} are damaged ({reason}); delete that folder to make "
            "them again."
        )

    def _require_replaceable(self) -> None:
        is_own = (self.path / self.settings_file).is_file()
        is_empty = self.path.is_dir() and not any(self.path.iterdir())
        if self.path.exists() and not is_own and not is_empty:
            raise PhotoSetError(
                f"{self.path} holds something other than {self.kind}; choose another folder."
            )


def digest_of(photos: PhotoSet) -> str:
    """Compute a SHA-256 over the photos' names, labels and sizes in bytes.

    Raises:
        PhotoSetError: there is no photo, or one cannot be read.
    """
    if not photos.photos:
        raise PhotoSetError(f"There is no photo of {photos.root} to keep pictures of.")
    digest = hashlib.sha256()
    try:
        for photo in photos.photos:
            digest.update(f"{photo.photo_id}|{photo.label}|{photo.path.stat().st_size}\n".encode())
    except OSError as error:
        raise PhotoSetError(f"{photo.photo_id} cannot be read: {error.strerror}.") from None
    return digest.hexdigest()
