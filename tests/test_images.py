import io
import os
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from asl_core import images
from asl_core.errors import ImageError
from asl_core.file_kinds import PICTURE_SUFFIXES

# Four quarters of one colour each: survives lossy coding, and shows a turn or a flip.
RED, GREEN, BLUE, GREY = (200, 30, 30), (30, 180, 60), (40, 60, 200), (128, 128, 128)
QUARTERS = np.zeros((48, 64, 3), np.uint8)
QUARTERS[:24, :32], QUARTERS[:24, 32:] = RED, GREEN
QUARTERS[24:, :32], QUARTERS[24:, 32:] = BLUE, GREY


def picture(values=QUARTERS):
    return Image.fromarray(values)


def encode(source, kind, **settings):
    buffer = io.BytesIO()
    source.save(buffer, kind, **settings)
    return buffer.getvalue()


def png(width, height, bits, colour_type, rows=b""):
    """A PNG written by hand, for headers and depths that Pillow does not write."""

    def chunk(kind, content):
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, 0)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def corners(frame):
    height, width = frame.shape[:2]
    rows, columns = (height // 4, 3 * height // 4), (width // 4, 3 * width // 4)
    return [tuple(int(v) for v in frame[y, x]) for y in rows for x in columns]


def assert_corners(frame, expected, tolerance=12):
    assert np.abs(np.array(corners(frame)) - np.array(expected)).max() <= tolerance


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "HEIF", "BMP", "GIF", "TIFF"])
def test_decodes_each_format_to_rgb_whatever_the_name_says(kind):
    frame = images.decode(encode(picture(), kind), "photo.jpg")
    assert frame.shape == (48, 64, 3)
    assert frame.dtype == np.uint8
    assert_corners(frame, [RED, GREEN, BLUE, GREY])


TURNS = {
    1: [RED, GREEN, BLUE, GREY],
    2: [GREEN, RED, GREY, BLUE],
    3: [GREY, BLUE, GREEN, RED],
    6: [BLUE, RED, GREY, GREEN],
    8: [GREEN, GREY, RED, BLUE],
}


@pytest.mark.parametrize(("orientation", "expected"), TURNS.items())
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_turns_a_photo_as_its_exif_says(kind, orientation, expected):
    exif = Image.Exif()
    exif[0x0112] = orientation
    frame = images.decode(encode(picture(), kind, exif=exif))
    assert frame.shape == ((64, 48, 3) if orientation in (6, 8) else (48, 64, 3))
    assert_corners(frame, expected)


ORIENTATION = 0x0112
# Artist, GPS and Exif directories, GPSVersionID, MakerNote, UserComment, XPTitle, thumbnail,
# resolutions, an unknown tag, the orientation itself.
TAGS = (0x013B, 0x8825, 0x8769, 0x0000, 0x927C, 0x9286, 0x9C9B, 0x0201, 0x011A, 0xC000, ORIENTATION)
TYPES = (*range(14), 16, 129, 65535)
VALUES = {
    "nothing": (0, b""),
    "a byte": (1, b"\1"),
    "text": (4, b"2.3\0"),
    "an offset beyond the end": (9999, b"\xff\xff\xff\x7f"),
    "its own place": (8, struct.pack("<I", 8)),
    "a huge count": (0xFFFFFFFF, b"\x1a\0\0\0"),
    "not a number": (1, b"\0\0\xc0\x7f"),
}


def exif_with(tag, kind, count, value):
    """An EXIF block that asks for a quarter turn, with another field of any kind before it."""
    other = struct.pack("<HHI", tag, kind, count) + value[:4].ljust(4, b"\0")
    turn = struct.pack("<HHIHH", ORIENTATION, 3, 1, 6, 0)
    fields = [turn] if tag == ORIENTATION else sorted([other, turn])
    if tag == ORIENTATION:  # a second one, of whatever kind, behind the first
        fields.append(other)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(fields)) + b"".join(fields) + bytes(4)


def jpeg_with(block):
    plain = encode(picture(), "JPEG", quality=95)
    segment = b"Exif\0\0" + block
    return plain[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + plain[2:]


def png_with(kind, content, crc=None):
    plain = encode(picture(), "PNG")
    body = kind + content
    crc = zlib.crc32(body) if crc is None else crc
    return plain[:33] + struct.pack(">I", len(content)) + body + struct.pack(">I", crc) + plain[33:]


def webp_with(block):
    return encode(picture(), "WEBP", lossless=True, exif=block)


def tiff_with(block):
    """The entries of the block among those of a picture's first directory."""
    plain = encode(picture(), "TIFF")
    (start,) = struct.unpack_from("<I", plain, 4)
    (count,) = struct.unpack_from("<H", plain, start)
    (more,) = struct.unpack_from("<H", block, 8)
    own = [plain[start + 2 + 12 * i :][:12] for i in range(count)]
    given = [block[10 + 12 * i :][:12] for i in range(more)]
    fields = sorted(own + given, key=lambda field: struct.unpack_from("<H", field))
    directory = struct.pack("<H", len(fields)) + b"".join(fields) + bytes(4)
    return plain[:4] + struct.pack("<I", len(plain)) + plain[8:] + directory


def heif_with(block):
    return encode(picture(), "HEIF", exif=b"Exif\0\0" + block, quality=95)


WRITERS = {
    "JPEG": jpeg_with,
    "PNG": lambda block: png_with(b"eXIf", block),
    "WEBP": webp_with,
    "TIFF": tiff_with,
}


@pytest.mark.slow
@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("kind", WRITERS)
def test_no_tag_of_any_type_and_value_keeps_a_picture_from_being_read_and_turned(kind, value):
    count, content = VALUES[value]
    for tag in TAGS:
        for number in TYPES:
            data = WRITERS[kind](exif_with(tag, number, count, content))
            frame = images.decode(data, f"{tag:#x} {number}")
            assert frame.shape == (64, 48, 3), (tag, number)
            assert_corners(frame, TURNS[6])


@pytest.mark.parametrize("number", TYPES)
def test_heif_with_any_tag_is_read(number):
    for count, content in VALUES.values():
        frame = images.decode(heif_with(exif_with(0x8825, number, count, content)))
        assert sorted(frame.shape) == [3, 48, 64]


LARGE = zlib.compress(bytes(80 * 2**20), 9)
CHUNKS = {
    "a large text": (b"zTXt", b"Comment\0\0" + LARGE),
    "a large international text": (b"iTXt", b"Comment\0\1\0\0\0" + LARGE),
    "a large profile": (b"iCCP", b"profile\0\0" + LARGE),
    "a profile that is none": (b"iCCP", b"profile\0\0no profile"),
    "a text without an end": (b"tEXt", b"x" * 300),
    "an EXIF block that is none": (b"eXIf", b"II*\0"),
    "an unknown chunk": (b"abCd", bytes(range(256))),
    "a short background": (b"bKGD", b"\0"),
    "a short gamma": (b"gAMA", b"\0"),
    "no size in metres": (b"pHYs", b"\0"),
}


@pytest.mark.parametrize(("kind", "content"), CHUNKS.values(), ids=CHUNKS)
@pytest.mark.parametrize("crc", [None, 0], ids=["whole", "wrong checksum"])
def test_a_png_is_read_whatever_stands_beside_its_picture(kind, content, crc):
    assert_corners(images.decode(png_with(kind, content, crc)), [RED, GREEN, BLUE, GREY])


@pytest.mark.parametrize("marker", [*range(0xE1, 0xEE), 0xEF, 0xFE])
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Exif\x00\x00",
        b"Exif\x00\x00II*\x00\xff\xff\xff\xff",
        b"MPF\x00II*\x00\x08\x00\x00\x00\xff\xff",
        b"ICC_PROFILE\x00\x07\x03junk",
        b"Photoshop 3.0\x008BIM\x04\x04",
        b"http://ns.adobe.com/xap/1.0/\x00<",
    ],
)
def test_a_jpeg_is_read_whatever_stands_before_its_picture(marker, content):
    plain = encode(picture(), "JPEG", quality=95)
    segment = bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content
    frame = images.decode(plain[:2] + segment + plain[2:])
    assert_corners(frame, [RED, GREEN, BLUE, GREY])


def test_a_jpeg_of_other_colours_keeps_them_without_its_metadata():
    exif = Image.Exif()
    exif[ORIENTATION] = 1
    frame = images.decode(encode(picture().convert("CMYK"), "JPEG", quality=95, exif=exif))
    assert_corners(frame, [RED, GREEN, BLUE, GREY], tolerance=20)


XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'


def test_xmp_turns_a_photo_too():
    plain = encode(picture(), "JPEG", quality=95)
    segment = b"http://ns.adobe.com/xap/1.0/\0" + XMP
    head = b"\xff\xe1" + struct.pack(">H", len(segment) + 2)
    assert_corners(images.decode(plain[:2] + head + segment + plain[2:]), TURNS[6])
    chunk = b"XML:com.adobe.xmp\0\0\0\0\0" + XMP
    assert_corners(images.decode(png_with(b"iTXt", chunk)), TURNS[6])


def test_exif_as_imagemagick_writes_it_turns_a_photo():
    block = exif_with(0x013B, 2, 1, b"x")
    text = f"\nexif\n{len(block):8}\n{block.hex()}\n".encode()
    data = png_with(b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(text))
    assert_corners(images.decode(data), TURNS[6])


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
@pytest.mark.parametrize("count", [1, 2, 5])
def test_says_that_only_the_first_of_several_pictures_was_read(kind, count):
    more = [Image.new("RGB", (64, 48), (40 * n, 0, 0)) for n in range(1, count)]
    data = encode(picture(), kind, save_all=True, append_images=more)
    note = images.decode_with_note(data, "wave").note
    sentence = f"wave holds {count} pictures; only the first was read."
    assert note == (sentence if count > 1 else None)


def test_a_photo_with_a_preview_is_one_picture():
    more = [Image.new("RGB", (64, 48), "black")]
    data = encode(picture(), "MPO", save_all=True, append_images=more)
    assert images.decode_with_note(data).note is None


def test_each_ending_of_the_list_is_read(tmp_path):
    kinds = dict(Image.registered_extensions())
    assert {".jpg", ".jfif", ".gif", ".tif", ".heic", ".webp", ".bmp"} <= set(PICTURE_SUFFIXES)
    for ending in PICTURE_SUFFIXES:
        path = tmp_path / f"hand{ending}"
        path.write_bytes(encode(picture(), kinds[ending]))
        assert_corners(images.read(path), [RED, GREEN, BLUE, GREY])


def test_lays_transparency_on_white():
    clear = np.dstack([QUARTERS, np.full((48, 64), 255, np.uint8)])
    clear[:24, :32, 3] = 0
    clear[:24, 32:, 3] = 128
    frame = images.decode(encode(picture(clear), "PNG"))
    half_green = tuple((c + 255) // 2 for c in GREEN)
    assert_corners(frame, [(255, 255, 255), half_green, BLUE, GREY])


def test_lays_a_transparent_palette_colour_on_white():
    palette = picture().quantize(4)
    red = palette.getpixel((1, 1))
    frame = images.decode(encode(palette, "PNG", transparency=red))
    assert_corners(frame, [(255, 255, 255), GREEN, BLUE, GREY])


def test_lays_a_palette_with_an_alpha_for_each_colour_on_white():
    palette = picture().quantize(4)
    alphas = bytearray([255] * 4)
    alphas[palette.getpixel((1, 1))] = 128
    frame = images.decode(encode(palette, "PNG", transparency=bytes(alphas)))
    assert_corners(frame, [tuple((c + 255) // 2 for c in RED), GREEN, BLUE, GREY])


def test_scales_16_bit_grey_instead_of_clipping_it():
    data = png(4, 1, 16, 0, b"\0" + struct.pack(">4H", 0, 255, 32768, 65535))
    assert images.decode(data)[0, :, 0].tolist() == [0, 0, 127, 255]


def test_keeps_a_dark_16_bit_grey_picture_dark():
    data = png(2, 1, 16, 0, b"\0" + struct.pack(">2H", 0, 250))
    assert images.decode(data).max() == 0


def test_takes_the_upper_byte_of_16_bit_rgb():
    data = png(2, 1, 16, 2, b"\0" + struct.pack(">6H", 65535, 0, 32768, 256, 0, 0))
    assert images.decode(data)[0].tolist() == [[255, 0, 128], [1, 0, 0]]


@pytest.mark.parametrize("top", [1.0, 255.0], ids=["0 to 1", "0 to 255"])
def test_scales_floating_grey(top):
    values = np.array([[0, 0.5, 1]], np.float32) * top
    data = encode(Image.fromarray(values), "TIFF")
    assert images.decode(data)[0, :, 1].tolist() == [0, 127, 255]


def test_converts_cmyk():
    frame = images.decode(encode(picture().convert("CMYK"), "JPEG", quality=95))
    assert_corners(frame, [RED, GREEN, BLUE, GREY], tolerance=20)


def test_gives_grey_three_equal_channels():
    frame = images.decode(encode(picture().convert("L"), "PNG"))
    assert (frame[..., 0] == frame[..., 1]).all()
    assert (frame[..., 0] == frame[..., 2]).all()


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "MPO"])
def test_takes_the_first_of_several_pictures(kind):
    more = [Image.new("RGB", (64, 48), colour) for colour in ("black", "white")]
    data = encode(picture(), kind, save_all=True, append_images=more, duration=50)
    assert_corners(images.decode(data), [RED, GREEN, BLUE, GREY])


@pytest.mark.parametrize(
    ("size", "expected"),
    [((4000, 1000), (512, 2048)), ((900, 4096), (2048, 450)), ((5000, 1), (1, 2048))],
)
def test_reduces_large_pictures_in_proportion(size, expected):
    frame = images.decode(encode(Image.new("RGB", size, RED), "PNG"))
    assert frame.shape == (*expected, 3)
    assert tuple(frame[0, 0]) == RED


JPEG, PNG, WEBP = (encode(picture(), kind) for kind in ("JPEG", "PNG", "WEBP"))
NOISE = picture(np.random.default_rng(1).integers(0, 255, (48, 64, 3), np.uint8))

BAD = {
    "zero bytes": (b"", "is empty (0 bytes)"),
    "text": (b"not a picture at all", "is not a picture that can be read"),
    "html": (b"<!doctype html><html></html>", "is not a picture that can be read"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is not a picture that can be read"),
    "pdf": (b"%PDF-1.7\n", "is not a picture that can be read"),
    "zip": (b"PK\x03\x04" + bytes(100), "is not a picture that can be read"),
    "only a jpeg's first bytes": (JPEG[:20], "is not a picture that can be read"),
    "truncated jpeg": (JPEG[:-100], "is damaged or cut short"),
    "truncated png": (encode(NOISE, "PNG")[:3000], "is damaged or cut short"),
    "truncated webp": (WEBP[: len(WEBP) // 2], "is damaged or cut short"),
    "truncated heic": (encode(NOISE, "HEIF")[:-500], "is damaged or cut short"),
    "truncated gif": (encode(NOISE, "GIF")[:1500], "is damaged or cut short"),
    "0x0 png": (png(0, 0, 8, 2), "is not a picture that can be read"),
    "0x0 gif": (b"GIF89a" + bytes(7) + b";", "is not a picture that can be read"),
    "png without pixels": (png(50, 50, 8, 2), "is damaged or cut short"),
    "20,000x20,000 bomb": (png(20_000, 20_000, 8, 2), "far too many pixels; at most 64 mega"),
    "10,000x10,000 bomb": (png(10_000, 10_000, 8, 2), "is 10000x10000 pixels; at most 64 mega"),
    "just over 64 megapixels": (png(8_001, 8_000, 1, 0), "is 8001x8000 pixels; at most 64 mega"),
    "too many bytes": (JPEG + bytes(images.MAX_BYTES), "has 25.0 MB, over the limit of 25 MB"),
}


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(("data", "sentence"), BAD.values(), ids=BAD.keys())
def test_refuses_bad_bytes_with_one_sentence(data, sentence):
    with pytest.raises(ImageError) as caught:
        images.decode(data, "upload.jpg")
    message = str(caught.value)
    assert message.startswith("upload.jpg ")
    assert sentence in message
    assert message.endswith(".")
    assert "\n" not in message


def test_a_bomb_is_refused_before_it_is_decoded(monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    with pytest.raises(ImageError):
        images.decode(png(9_000, 9_000, 8, 2))


def test_survives_random_damage():
    random = np.random.default_rng(7)
    for data in (JPEG, PNG, WEBP, encode(picture(), "HEIF"), encode(picture(), "GIF")):
        for _ in range(20):
            damaged = bytearray(data)
            for place in random.integers(0, len(data), 4):
                damaged[place] = random.integers(0, 256)
            try:
                frame = images.decode(bytes(damaged))
            except ImageError:
                continue
            assert frame.ndim == 3
            assert frame.shape[2] == 3


def test_reads_a_file_whatever_its_extension(tmp_path):
    path = tmp_path / "photo.txt"
    path.write_bytes(PNG)
    assert_corners(images.read(path), [RED, GREEN, BLUE, GREY])


def test_names_the_path_that_does_not_exist(tmp_path):
    with pytest.raises(ImageError, match=r"missing\.jpg does not exist\.$"):
        images.read(tmp_path / "missing.jpg")


def test_refuses_a_folder_and_a_pipe(tmp_path):
    pipe = tmp_path / "pipe.jpg"
    os.mkfifo(pipe)
    for path in (tmp_path, pipe):
        with pytest.raises(ImageError, match="is not a file"):
            images.read(path)


def test_refuses_a_large_file_without_reading_it(tmp_path, monkeypatch):
    path = tmp_path / "large.png"
    with path.open("wb") as file:
        file.truncate(images.MAX_BYTES + 1)
    monkeypatch.setattr(type(path), "read_bytes", lambda self: pytest.fail("read"))
    with pytest.raises(ImageError, match=r"large\.png has 25\.0 MB, over the limit"):
        images.read(path)
