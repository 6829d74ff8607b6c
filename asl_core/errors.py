"""The errors a caller can meet, all below one root.

    AslError
    ├── ImageError          a picture cannot be used: not an image, too large, truncated ...
    ├── VideoError          a video cannot be used: no video, too long, without pictures ...
    ├── ModelFileError      a model file is missing, altered, or not what it says
    ├── PhotoSetError       a folder of labelled photos breaks a rule
    ├── RunError            a TrainingRun folder or an EvaluationReport is missing or broken
    ├── HandFileError       a file of a taught hand is broken, or made for another model
    ├── DeviceMessageError  a browser sent a message that is not what it should be
    ├── TranscriptError     a saved transcript is broken, or what is typed is no letter
    ├── ProgressError       saved progress of practice is broken or too long
    └── SettingsError       a value on the command line or in a settings file is out of range

Each message is one sentence that names the offending value, ready to be shown to a person.
"""


class AslError(Exception):
    """Root of every error that this package raises on purpose."""


class ImageError(AslError):
    """A picture cannot be decoded or used."""


class VideoError(AslError):
    """A video file cannot be decoded or used."""


class ModelFileError(AslError):
    """A model file is missing, altered, or not what it claims to be."""


class PhotoSetError(AslError):
    """A folder of labelled photos breaks a rule of the photo set."""


class RunError(AslError):
    """A training run or an evaluation report is missing or broken."""


class SettingsError(AslError):
    """A setting is outside of what is allowed."""


class HandFileError(AslError):
    """A file of a taught hand is broken, or the hand was taught to another model."""


class DeviceMessageError(AslError):
    """What a visitor's browser sent about its camera is not what was agreed."""


class TranscriptError(AslError):
    """A saved transcript is broken, or what is typed is not of the letters A to Z."""


class ProgressError(AslError):
    """Saved progress of practice is broken, too long, or of another version."""
