"""Gets a published checkpoint from the Hugging Face Hub."""

import logging
from pathlib import Path

from asl_core.errors import ModelFileError


def download_checkpoint(repo_id: str, file: str) -> Path:
    """Download one file of a Hub repository, or take it from huggingface_hub's cache.

    Raises:
        ModelFileError: the repository or file does not exist, or the Hub cannot be reached.
    """
    from huggingface_hub import hf_hub_download

    # Each of its retries would be logged with an address; the error at the end says enough.
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    try:
        return Path(hf_hub_download(repo_id, file))
    except Exception as error:  # network, HTTP and validation errors share no base class
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise ModelFileError(
            f"{file} of {repo_id!r} cannot be downloaded from the Hugging Face Hub: "
            f"{lines[0].rstrip('.:')}."
        ) from None
