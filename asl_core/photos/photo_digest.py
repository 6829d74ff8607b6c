"""Tells one selection of photos from another, so that kept pictures are made anew in time."""

import hashlib

from asl_core.errors import PhotoSetError
from asl_core.photos.photo_set import PhotoSet


def digest_of(photos: PhotoSet) -> str:
    """Give a SHA-256 over the photos' names, labels and sizes: other photos, another digest.

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
