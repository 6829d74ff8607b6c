"""The pages that read: the camera, photos and videos."""
