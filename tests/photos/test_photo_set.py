from pathlib import Path

import pytest
from PIL import Image

from asl_core.errors import PhotoSetError
from asl_core.photos.photo_set import LabelledPhoto, PhotoSet, read_photo_set

TWO = ("train/anna/A/000.png", "test/ben/B/000.webp")


def test_a_listed_set_gives_each_photo_with_what_the_list_says(make_listed):
    root = make_listed(TWO, sources={"ben": "school"})
    photos = read_photo_set(root)
    assert photos.photos == (
        LabelledPhoto(TWO[0], root / TWO[0], "train", "anna", "anna", "A", "ok"),
        LabelledPhoto(TWO[1], root / TWO[1], "test", "school", "ben", "B", "ok"),
    )
    assert photos.problems == ()
    assert photos.splits == ("test", "train")


def test_columns_that_the_list_lacks_come_from_the_path(make_listed):
    root = make_listed(TWO)
    (root / "photos.csv").write_text(f"path,split,label\n{TWO[0]},train,A\n{TWO[1]},test,B\n")
    first = read_photo_set(root).photos[0]
    assert (first.source, first.signer, first.label_note) == ("anna", "anna", "ok")


def test_photos_that_somebody_found_wrong_are_noted(make_listed, tmp_path):
    photos = read_photo_set(make_listed(TWO))
    suspects = tmp_path / "suspects.csv"
    suspects.write_text(f"photo_id,why\n{TWO[1]},shows another letter\nelsewhere.png,\n")
    noted = photos.with_suspects(suspects)
    assert [photo.label_note for photo in noted.photos] == ["ok", "suspect"]
    assert [photo.photo_id for photo in noted.photos] == list(TWO)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("photo_id\nelsewhere.png\n", "names no photo"),
        ("path\ntrain/anna/A/000.png\n", "lacks the column 'photo_id'"),
        ("", "lacks the column 'photo_id'"),
    ],
)
def test_a_list_that_names_no_photo_of_the_set_is_refused(make_listed, tmp_path, text, sentence):
    suspects = tmp_path / "suspects.csv"
    suspects.write_text(text)
    with pytest.raises(PhotoSetError, match=sentence):
        read_photo_set(make_listed(TWO)).with_suspects(suspects)


def test_a_list_saved_by_a_spreadsheet_is_read(make_listed):
    root = make_listed(TWO)
    text = (root / "photos.csv").read_text()
    (root / "photos.csv").write_text(text, encoding="utf-8-sig")
    assert len(read_photo_set(root).photos) == 2


@pytest.mark.parametrize(
    "above",
    [
        pytest.param("", id="folder of classes"),
        pytest.param("asl_alphabet_train", id="one above"),
        pytest.param("asl_alphabet_train/asl_alphabet_train", id="two above, as Kaggle nests it"),
    ],
)
def test_the_kaggle_layout_is_found(tmp_path, draw_scene, above):
    draw_scene(tmp_path / above / "space" / "space1.jpg", 1)
    draw_scene(tmp_path / above / "B" / "B1.jpg", 2)
    draw_scene(tmp_path / "asl_alphabet_test" / "A_test.jpg", 3) if above else None
    photos = read_photo_set(tmp_path)
    assert [(p.photo_id, p.label, p.split) for p in photos.photos] == [
        ("B/B1.jpg", "B", "all"),
        ("space/space1.jpg", "space", "all"),
    ]
    assert photos.photos[0].path == tmp_path / above / "B" / "B1.jpg"
    assert {p.signer for p in photos.photos} == {"kaggle_asl_alphabet"}
    assert photos.problems == ()


@pytest.mark.parametrize("ending", ["jpg", "JPEG", "png", "Webp", "heic", "bmp"])
def test_the_case_of_an_ending_does_not_matter(tmp_path, ending):
    (tmp_path / "A").mkdir()
    (tmp_path / "A" / f"x.{ending}").write_bytes(b"any")
    assert [p.photo_id for p in read_photo_set(tmp_path).photos] == [f"A/x.{ending}"]


def change_list(root, old, new):
    path = root / "photos.csv"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


LISTED_FAULTS = {
    "unknown label": (
        lambda root: change_list(root, "test,ben,ben,B", "test,ben,ben,Ä"),
        "photos.csv line 3: the label 'Ä' is not a known class.",
    ),
    "label folded to lower case": (
        lambda root: change_list(root, "test,ben,ben,B", "test,ben,ben,b"),
        "photos.csv line 3: the label 'b' is not a known class.",
    ),
    "missing photo": (
        lambda root: (root / TWO[1]).unlink(),
        "photos.csv line 3: 'test/ben/B/000.webp' does not exist here as a picture",
    ),
    "label of another folder": (
        lambda root: change_list(root, "test,ben,ben,B", "test,ben,ben,C"),
        "photos.csv line 3: test/ben/B/000.webp does not lie in test/<signer>/C/.",
    ),
    "split of another folder": (
        lambda root: change_list(root, "test,ben,ben,B", "train,ben,ben,B"),
        "photos.csv line 3: test/ben/B/000.webp does not lie in train/<signer>/B/.",
    ),
    "signer of another folder": (
        lambda root: change_list(root, "test,ben,ben,B", "test,ben,anna,B"),
        "photos.csv line 3: test/ben/B/000.webp does not lie in the folder of its signer 'anna'.",
    ),
    "row cut short": (
        lambda root: change_list(root, f"{TWO[1]},test,ben,ben,B,ok", TWO[1]),
        "photos.csv line 3: the label '' is not a known class.",
    ),
    "way out of the folder": (
        lambda root: change_list(root, TWO[1], "../../etc/B/000.webp"),
        "photos.csv line 3: '../../etc/B/000.webp' does not exist here as a picture",
    ),
}


@pytest.mark.parametrize("name", LISTED_FAULTS)
def test_a_faulty_row_is_named_and_left_out(make_listed, name):
    root = make_listed(TWO)
    spoil, sentence = LISTED_FAULTS[name]
    spoil(root)
    photos = read_photo_set(root)
    assert photos.problems[0].startswith(sentence)
    assert [p.photo_id for p in photos.photos] == [TWO[0]]


def test_a_photo_listed_twice_is_named_and_counted_once(make_listed):
    root = make_listed(TWO)
    with (root / "photos.csv").open("a") as file:
        file.write(f"{TWO[0]},train,anna,anna,A,ok\n")
    photos = read_photo_set(root)
    assert photos.problems == (f"photos.csv line 4: {TWO[0]} is listed twice.",)
    assert len(photos.photos) == 2


def test_an_unlisted_photo_is_named_beside_other_faults(make_listed, draw_scene):
    root = make_listed(TWO)
    draw_scene(root / "train" / "anna" / "A" / "001.png", 9)
    draw_scene(root / "train" / "anna" / "A" / "002.png", 9)
    change_list(root, "test,ben,ben,B", "test,ben,ben,Ä")
    assert read_photo_set(root).problems == (
        "photos.csv line 3: the label 'Ä' is not a known class.",
        "train/anna/A/001.png is not in photos.csv (2 such photos in all).",
    )


@pytest.mark.parametrize("layout", ["listed", "kaggle"])
def test_faults_of_class_folders_are_named(tmp_path, make_listed, draw_scene, layout):
    root = make_listed(TWO) if layout == "listed" else tmp_path / "kaggle"
    below = "train/anna/" if layout == "listed" else ""
    if layout == "kaggle":
        draw_scene(root / "A" / "000.png", 1)
    (root / below / "C").mkdir()
    (root / below / "AA").mkdir()
    (root / below / "A" / "notes.txt").write_text("x")
    (root / below / "A" / "clip.MP4").write_bytes(b"x")
    problems = read_photo_set(root).problems
    assert problems[1:] == (
        f"The folder '{below}AA' is not a known class.",
        f"The class folder {below}C is empty.",
    )
    assert problems[0].startswith(
        f"The class folder {below}A holds a file that is no picture, 'clip.MP4' (2 such files"
    )


def test_kaggle_photos_of_unknown_folders_are_reported_not_folded(tmp_path, draw_scene):
    draw_scene(tmp_path / "A" / "1.jpg", 1)
    draw_scene(tmp_path / "a" / "2.jpg", 2)
    draw_scene(tmp_path / "A" / "more" / "3.jpg", 3)
    draw_scene(tmp_path / "4.jpg", 4)
    photos = read_photo_set(tmp_path)
    assert [p.photo_id for p in photos.photos] == ["A/1.jpg"]
    assert photos.problems == (
        "The folder 'a' is not a known class.",
        f"4.jpg does not lie in a class folder of {tmp_path} (2 such photos in all).",
    )


def test_hidden_files_are_passed_over(make_listed, draw_scene):
    root = make_listed(TWO)
    (root / "train" / "anna" / "A" / ".DS_Store").write_bytes(b"x")
    (root / "train" / "anna" / "A" / "._000.png").write_bytes(b"x")
    draw_scene(root / ".thumbnails" / "x" / "A" / "1.png", 1)
    assert read_photo_set(root).problems == ()


def test_linked_folders_are_followed_but_not_in_circles(tmp_path, draw_scene):
    draw_scene(tmp_path / "elsewhere" / "1.jpg", 1)
    root = tmp_path / "set"
    root.mkdir()
    (root / "A").symlink_to(tmp_path / "elsewhere")
    (root / "A" / "circle").symlink_to(root)
    assert [p.photo_id for p in read_photo_set(root).photos] == ["A/1.jpg"]


def refused(root) -> str:
    with pytest.raises(PhotoSetError) as caught:
        read_photo_set(root)
    return str(caught.value)


def test_a_folder_that_is_no_photo_set_is_refused(tmp_path):
    assert refused(tmp_path / "no") == f"{tmp_path / 'no'} is not a folder."
    assert "neither a photos.csv nor class folders" in refused(tmp_path)
    (tmp_path / "A").mkdir()
    assert refused(tmp_path) == (
        f"{tmp_path} holds no labelled photo. First problem: The class folder A is empty."
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"path,split\n", "lacks the column 'label'", id="no label column"),
        pytest.param(b"", "lacks the column 'path'", id="empty file"),
        pytest.param(b"path,split,label\n\xff\xfe", "cannot be read as a table", id="not UTF-8"),
        pytest.param(b"path,split,label\n", "holds no labelled photo", id="no rows"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused(tmp_path, content, reason):
    (tmp_path / "photos.csv").write_bytes(content)
    assert reason in refused(tmp_path)


def test_a_split_is_chosen_or_refused(make_listed):
    photos = read_photo_set(make_listed(TWO))
    assert [p.photo_id for p in photos.of_split("test").photos] == [TWO[1]]
    with pytest.raises(PhotoSetError, match="no split 'validation'; its splits are: test, train"):
        photos.of_split("validation")


def test_labels_are_chosen_and_in_class_order(make_listed):
    ids = [f"train/anna/{label}/0.png" for label in ("space", "B", "del", "A")]
    photos = read_photo_set(make_listed(ids))
    assert photos.labels == ("A", "B", "del", "space")
    assert photos.with_labels(("A", "space")).labels == ("A", "space")


def test_only_a_set_without_problems_is_sound(make_listed):
    photos = read_photo_set(make_listed(TWO))
    assert photos.require_sound() is photos
    broken = PhotoSet(photos.root, photos.photos, ("First fault.", "Second fault."))
    with pytest.raises(PhotoSetError, match=r"^First fault \(and 1 more problems\); list all with"):
        broken.of_split("test").require_sound()


@pytest.mark.slow
@pytest.mark.shared
def test_the_shared_photos_have_no_problem_and_are_those_that_the_docs_tell(shared_photos):
    photos = read_photo_set(shared_photos)
    assert photos.problems == ()
    counted = {
        split: (len(part.photos), len({photo.signer for photo in part.photos}))
        for split in photos.splits
        for part in (photos.of_split(split),)
    }
    page = (Path(__file__).parents[2] / "docs" / "photos.md").read_text(encoding="utf-8")
    cells = [[cell.strip() for cell in line.split("|")] for line in page.splitlines()]
    told = {
        row[1]: (int(row[3].replace(",", "")), int(row[4]))
        for row in cells
        if len(row) > 4 and row[1] in counted
    }
    assert told == counted


def test_files_outside_of_class_folders_are_named_as_passed_over(make_listed):
    root = make_listed(("train/anna/A/000.png",))
    for name in ("README.txt", "train/anna/photo.dng", "train/anna/A/deep/x.raw", ".hidden"):
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_bytes(b"x")
    found = read_photo_set(root)
    assert found.passed_over == ("README.txt", "train/anna/A/deep/x.raw", "train/anna/photo.dng")
    assert found.of_split("train").passed_over == found.passed_over
    assert found.problems == ()


def test_files_outside_of_kaggles_class_folders_are_named(tmp_path):
    for name in ("A/0.png", "notes.txt", "A/deep/x.raw"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8)).save(tmp_path / name, "PNG")
    assert read_photo_set(tmp_path).passed_over == ("A/deep/x.raw", "notes.txt")
