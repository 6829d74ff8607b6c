from xml.etree import ElementTree

import pytest

from pages.panels.charts.hand_skeleton import skeleton_svg

SVG = "{http://www.w3.org/2000/svg}"


def drawn(make_photo, side):
    photo = make_photo()
    svg = skeleton_svg(photo.landmarks, photo.width, photo.height, side)
    return photo, ElementTree.fromstring(svg)


def test_draws_21_joints_and_their_bones(make_photo):
    _, root = drawn(make_photo, 100)
    assert len(root.findall(f".//{SVG}circle")) == 21
    assert len(root.findall(f".//{SVG}line")) == 21


def test_fills_the_square_and_keeps_proportions(make_photo):
    photo, root = drawn(make_photo, 200)
    xs = [float(c.get("cx")) for c in root.iter(f"{SVG}circle")]
    ys = [float(c.get("cy")) for c in root.iter(f"{SVG}circle")]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    assert max(width, height) == pytest.approx(200 * 0.76, abs=0.2)
    true_x = [x * photo.width for x, _ in photo.landmarks]
    true_y = [y * photo.height for _, y in photo.landmarks]
    ratio = (max(true_x) - min(true_x)) / (max(true_y) - min(true_y))
    assert width / height == pytest.approx(ratio, abs=0.01)


def test_a_hand_on_one_spot_is_no_error():
    assert "<svg" in skeleton_svg([(0.5, 0.5)] * 21, 100, 100)


def test_each_finger_has_its_colour(make_photo):
    _, root = drawn(make_photo, 100)
    joints = [joint.get("fill") for joint in root.iter(f"{SVG}circle")]
    thumb, index = joints[1], joints[5]
    assert joints[1:5] == [thumb] * 4
    assert joints[5:9] == [index] * 4
    assert len(set(joints)) == 6, "five fingers and the wrist"
    bones = [bone.get("stroke") for bone in root.iter(f"{SVG}line")]
    assert bones.count(thumb) == 3
    assert bones.count(joints[0]) == 6, "the palm's outline"
