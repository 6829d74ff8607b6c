"""Takes the definition of a figure from the record that holds it, so that the two cannot differ."""

import inspect
import re


def definition(record: type, word: str) -> str:
    """Give the first sentence of a record's docstring that names `word`.

    Raises:
        LookupError: no sentence names it.
    """
    text = " ".join((inspect.getdoc(record) or "").split())
    # A dot ends a sentence only before a capital or a name: "Guo et al. 2017" stays whole.
    for sentence in re.split(r"(?<=\.) (?=[A-Z`])", text):
        if re.search(rf"\b{re.escape(word)}\b", sentence):
            return sentence
    raise LookupError(f"{record.__name__} does not define {word!r}.")
