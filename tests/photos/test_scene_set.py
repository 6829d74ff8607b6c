import pytest

from asl_core.errors import PhotoSetError
from asl_core.photos.scene_set import Scene, read_scenes


def test_scenes_of_a_split_in_their_order(tmp_path):
    (tmp_path / "backgrounds.csv").write_text(
        "path,split,source,licence\ntest/b.jpg,test,coco,CC BY\ntrain/c.jpg,train,coco,CC BY\n"
        "test/a.jpg,test,,CC0\n"
    )
    assert read_scenes(tmp_path, "test") == (
        Scene("test/b.jpg", tmp_path / "test/b.jpg", "coco"),
        Scene("test/a.jpg", tmp_path / "test/a.jpg", "unknown"),
    )


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        (None, "cannot be read"),
        ("name,split\nx,test\n", "lacks the column 'path'"),
        ("path,split\nx.jpg,train\n", "no scene of the split 'test'; it has: train"),
        ("path,split\n", "it has: none"),
    ],
    ids=["no list", "other columns", "other split", "empty"],
)
def test_unusable_folders_give_one_sentence(tmp_path, listed, said):
    if listed is not None:
        (tmp_path / "backgrounds.csv").write_text(listed)
    with pytest.raises(PhotoSetError, match=said) as caught:
        read_scenes(tmp_path, "test")
    assert "\n" not in str(caught.value)
