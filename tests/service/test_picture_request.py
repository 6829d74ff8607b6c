import asyncio
import base64
import json
from urllib.parse import quote

import pytest

from asl_core.service.picture_request import picture_bytes
from asl_core.service.refusals import RefusalError

DATA = b"\xff\xd8 a picture"
CODE = base64.b64encode(DATA).decode()
FORM = "multipart/form-data; boundary=b"


def part(name, content, filename="a.jpg"):
    file = f'; filename="{filename}"' if filename else ""
    head = f'--b\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def read(kind, body):
    return asyncio.run(picture_bytes(kind, body))


def as_json(value):
    return json.dumps({"image": value}).encode()


PLUS = bytes(range(0xF8, 0x100)) * 9  # its base64 is full of "+" and "/"
PLUS_CODE = base64.b64encode(PLUS).decode()
BENT = {
    "plus as space": PLUS_CODE.replace("+", " "),
    "plus as space in a data URL": f"data:image/png;base64,{PLUS_CODE.replace('+', ' ')}",
    "the alphabet of URLs": base64.urlsafe_b64encode(PLUS).decode(),
    "percent signs": quote(PLUS_CODE, safe=""),
    "lines joined by spaces": " ".join(PLUS_CODE[i : i + 76] for i in range(0, len(PLUS_CODE), 76)),
    "lines": "\r\n".join(PLUS_CODE[i : i + 64] for i in range(0, len(PLUS_CODE), 64)),
    "space at both ends": f"  {PLUS_CODE} ",
}


@pytest.mark.parametrize("text", BENT.values(), ids=BENT)
def test_base64_that_was_bent_on_its_way_is_mended(text):
    assert read("application/json", as_json(text)) == PLUS


@pytest.mark.parametrize(
    "names",
    [
        "; filename*=UTF-8''hand%20%E2%82%AC.jpg",
        "; filename*=iso-8859-1'en'hand.jpg",
        "; Filename*=utf-8''",
        "; filename=\"a.jpg\"; filename*=UTF-8''%F0%9F%91%8B.jpg",
    ],
)
def test_a_part_with_an_extended_filename_is_a_file(names):
    head = f'--b\r\nContent-Disposition: form-data; name="image"{names}\r\n\r\n'.encode()
    assert read(FORM, head + DATA + b"\r\n--b--\r\n") == DATA


RAW = {
    "JSON of bytes": ("application/json", b"\x89PNG\r\n\x1a\n\xff"),
    "a picture in a text field": (FORM, part("image", b"\x89PNG\xff\xfe", "") + b"--b--\r\n"),
    "no boundary": (FORM, b"\xff\xd8\xff\xe0"),
    "a cut form": (FORM, b"--b\xff\xfe\r\n"),
    "bytes as text": ("application/json", as_json("\x89PNG\x00\x1a,AAAA")),
    "a type of bytes": ("\x00\xff\x1b[31m", b"x"),
    "a field of bytes": ("application/json", json.dumps({"\x00\x1b": 1}).encode()),
}


@pytest.mark.parametrize(("kind", "body"), RAW.values(), ids=RAW)
def test_no_sentence_holds_raw_bytes(kind, body):
    with pytest.raises(RefusalError) as caught:
        read(kind, body)
    sentence = str(caught.value)
    assert sentence.isprintable()
    assert "\\x" not in sentence
    assert "b'" not in sentence


FOUND = {
    "data URL": ("application/json", as_json(f"data:image/jpeg;base64,{CODE}")),
    "with a charset": ("application/json; charset=utf-8", as_json(f"data:image/png;base64,{CODE}")),
    "type in capitals": ("Application/JSON", as_json(f"DATA:image/PNG;BASE64,{CODE}")),
    "with a parameter": ("application/json", as_json(f"data:image/x;a=b;base64,{CODE}")),
    "without a type": ("application/json", as_json(f"data:;base64,{CODE}")),
    "plain base64": ("application/json", as_json(CODE)),
    "base64 in lines": ("application/json", as_json(f"{CODE[:7]}\r\n{CODE[7:]}\n")),
    "UTF-16": ("application/json", json.dumps({"image": CODE}).encode("utf-16")),
    "form": (FORM, part("image", DATA) + b"--b--\r\n"),
    "form, file": (FORM, part("x", b"y", "") + part("file", DATA) + b"--b--\r\n"),
    "form, data URL": (FORM, part("image", f"data:image/a;base64,{CODE}".encode(), "") + b"--b--"),
}


@pytest.mark.parametrize(("kind", "body"), FOUND.values(), ids=FOUND.keys())
def test_the_picture_is_found(kind, body):
    assert read(kind, body) == DATA


JSON = "application/json"
REFUSED = {
    "empty": ("", b"", 400, "The request is empty; there is no picture to read."),
    "empty JSON": (JSON, b"", 400, "The request is empty; there is no picture to read."),
    "no field": (
        JSON,
        b'{"img": ""}',
        400,
        "The JSON has no field \"image\" ('img'); there is no picture to read.",
    ),
    "empty field": (JSON, as_json(" "), 400, 'The field "image" is empty; there is no picture '),
    "empty data URL": (JSON, as_json("data:image/png;base64,"), 400, 'The field "image" is empty'),
    "half JSON": (JSON, b'{"image": "', 422, "The body is not JSON: Unterminated string"),
    "no text": (JSON, b"\xff\xfe\xfd", 422, "The body is not JSON: "),
    "deep": (JSON, b"[" * 200_000, 422, "The body is not JSON: "),
    "long number": (JSON, b"1" * 10_000, 422, "The body is not JSON: "),
    "list": (JSON, b"[1]", 422, 'The JSON is [1], not an object {"image": "..."}.'),
    "number": (JSON, as_json(5), 422, 'The field "image" is 5, not a string.'),
    "null": (JSON, as_json(None), 422, 'The field "image" is None, not a string.'),
    "not base64": (JSON, as_json("a*b"), 422, 'The field "image" is not base64: '),
    "not ASCII": (JSON, as_json("äöü"), 422, 'The field "image" is not base64: '),
    "cut base64": (JSON, as_json(CODE[:-1]), 422, 'The field "image" is not base64: '),
    "address": (
        JSON,
        as_json("http://a.org/,x"),
        422,
        'The field "image" begins with \'http://a.org/\', not with "data:image/".',
    ),
    "not in base64": (JSON, as_json("data:image/svg+xml,%3C"), 422, "The data URL 'data:image/svg"),
    "page": (JSON, as_json("data:text/html;base64,AA=="), 415, "The data URL says 'text/html', "),
    "other type": ("text/plain", DATA, 415, "The Content-Type 'text/plain' is not understood; "),
    "form without end": ("multipart/form-data", b"x", 422, "The body is not multipart/form-data: "),
    "broken form": (FORM, b"no form", 422, "The body is not multipart/form-data: "),
    "form with others": (
        FORM,
        part("name", b"Anna", "") + b"--b--\r\n",
        400,
        'The form has no file "image" or "file" (\'name\'); there is no picture to read.',
    ),
    "empty file": (FORM, part("file", b"") + b"--b--\r\n", 400, "The file 'a.jpg' is empty; "),
    "many files": (FORM, part("a", b"1") * 1001 + b"--b--\r\n", 422, "The body is not multipart"),
}


@pytest.mark.parametrize(
    ("kind", "body", "status", "sentence"), REFUSED.values(), ids=REFUSED.keys()
)
def test_what_holds_no_picture(kind, body, status, sentence):
    with pytest.raises(RefusalError) as caught:
        read(kind, body)
    assert str(caught.value).startswith(sentence)
    assert caught.value.status == status
    assert len(str(caught.value)) < 250
