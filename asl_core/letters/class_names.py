"""Finds the class names in a checkpoint of others, in each form that training scripts write."""

from collections.abc import Iterator, Mapping
from typing import Any

from asl_core.alphabet import LETTERS
from asl_core.errors import ModelFileError

_NAME_KEYS = frozenset(
    {
        *("classes", "class_names", "class_name", "classnames", "class_list", "class_labels"),
        *("labels", "label_names", "label_list", "target_names", "categories", "names"),
        *("class_to_idx", "class_to_index", "class2idx", "class_indices", "class_idx"),
        *("idx_to_class", "index_to_class", "idx2class", "idx_to_label", "idx2label"),
        *("label_to_idx", "label2idx", "label_map", "label_mapping", "class_map", "class_mapping"),
        *("id2label", "label2id", "id_to_label", "label_to_id", "int_to_label"),
    }
)
_DEEPEST = 4
_WEIGHTS = frozenset({"model_state_dict", "state_dict", "optimizer_state_dict", "optimizer"})


def checkpoint_classes(values: Mapping[str, Any], count: int, name: str) -> tuple[str, ...]:
    """Return the names of a checkpoint's `count` outputs in their order.

    Lists, index -> name and name -> index are understood, at the top and in nested settings. The
    published reference file names none; its card defines 26 outputs as A to Z.

    Raises:
        ModelFileError: the names cannot be read, contradict each other or the number of outputs,
            or there are none and the outputs are not 26.
    """
    found = dict(_named(values))
    readings = {key: _in_order(value, f"{name} under {key!r}") for key, value in found.items()}
    for key, classes in readings.items():
        if len(classes) != count:
            raise ModelFileError(f"{name} names {len(classes)} classes for {count} outputs.")
        first, names = next(iter(readings.items()))
        if classes != names:
            raise ModelFileError(
                f"{name} names its classes differently under {first!r} and {key!r}."
            )
    if readings:
        return next(iter(readings.values()))
    if count != len(LETTERS):
        raise ModelFileError(f"{name} has {count} outputs and names no classes; only 26 are known.")
    return LETTERS


def checked_class_names(values: Any, where: str) -> tuple[str, ...]:
    """Return a list of class names as a tuple.

    Raises:
        ModelFileError: these are not two or more different texts.
    """
    known = isinstance(values, list | tuple) and all(isinstance(name, str) for name in values)
    if not known or len(values) < 2 or len(set(values)) != len(values):
        raise ModelFileError(
            f"{where} needs two or more different class names, not {_shown(values)}."
        )
    return tuple(values)


def _named(values: Mapping[Any, Any], depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Yield what stands under a key for class names, with the key's path."""
    for key, value in values.items():
        if key in _WEIGHTS or not isinstance(key, str):
            continue
        is_count = isinstance(value, int) or value is None
        if key.lower() in _NAME_KEYS and not is_count:
            yield key, value
        elif isinstance(value, Mapping) and depth < _DEEPEST:
            yield from ((f"{key}.{inner}", found) for inner, found in _named(value, depth + 1))


def _in_order(value: Any, where: str) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [part.strip() for part in value.split(",")] if "," in value else list(value)
    if not isinstance(value, Mapping):
        return checked_class_names(value, where)
    by_index = {_index(key): name for key, name in value.items()}
    if None in by_index or not all(isinstance(name, str) for name in by_index.values()):
        by_index = {_index(index): name for name, index in value.items()}
    if len(by_index) != len(value) or set(by_index) != set(range(len(value))):
        raise ModelFileError(
            f"{where} does not number its classes from 0 without a gap: {_shown(value)}."
        )
    return checked_class_names([by_index[index] for index in range(len(value))], where)


def _index(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return None


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:120]}…"
