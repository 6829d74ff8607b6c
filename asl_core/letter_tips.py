"""How each letter's hand is shaped, and what tells two letters apart that are easily confused."""

from asl_core.alphabet import LETTERS

SHAPES: dict[str, str] = {
    "A": "a fist with the thumb straight up along the side of the index finger",
    "B": "four fingers straight up and together, the thumb folded across the palm",
    "C": "fingers and thumb curved like the letter, with a clear gap between them",
    "D": "the index finger up; the other fingertips meet the thumb in a ring",
    "E": "all fingers bent, their tips resting on the thumb, which lies across the palm",
    "F": "thumb and index finger meet in a ring; the other three fingers up and spread",
    "G": "index finger and thumb point sideways, one above the other; the rest is closed",
    "H": "index and middle finger point sideways, side by side; the thumb is tucked in",
    "I": "a fist with the little finger straight up",
    "J": "the hand of I, whose little finger draws a J",
    "K": "index finger up, middle finger slanting forward, the thumb's tip between the two",
    "L": "index finger up and thumb out to the side, a right angle",
    "M": "three fingers laid over the thumb, whose tip shows before the little finger",
    "N": "two fingers laid over the thumb, whose tip shows before the ring finger",
    "O": "all fingertips meet the thumb, so that the hand forms an O",
    "P": "the hand of K turned downwards: the index finger forward, the middle finger down",
    "Q": "the hand of G turned downwards: index finger and thumb point at the floor",
    "R": "index and middle finger up and crossed",
    "S": "a fist with the thumb across the front of the fingers",
    "T": "a fist with the thumb's tip between index and middle finger",
    "U": "index and middle finger up, close together",
    "V": "index and middle finger up and spread",
    "W": "index, middle and ring finger up and spread; the thumb holds the little finger",
    "X": "a fist whose index finger is raised and bent like a hook",
    "Y": "thumb and little finger stretched out, the three between them folded",
    "Z": "the index finger draws a Z",
}
"""Letter -> its hand, as the right hand of a signer shows it to the person in front."""

_DIFFERENCES: tuple[tuple[str, str], ...] = (
    ("AE", "For A lay the thumb up along the index finger; for E draw it in below the fingertips."),
    ("AI", "For I raise the little finger straight; for A it stays in the fist."),
    ("AM", "For A keep the thumb outside, at the index finger; for M hide it below three fingers."),
    ("AN", "For A keep the thumb outside, at the index finger; for N hide it below two fingers."),
    ("AS", "For A the thumb points up beside the fist; for S it lies across the fingers."),
    ("AT", "For A the thumb stays beside the index finger; for T its tip comes out behind it."),
    ("AY", "For Y stretch thumb and little finger far out; for A both stay at the fist."),
    ("BF", "For F close a clear ring of index finger and thumb; for B all four fingers stand up."),
    ("BW", "For W spread three fingers and hold the little one down; for B four stand together."),
    ("BU", "For U fold ring and little finger fully; for B all four stand up."),
    ("CE", "For C keep a wide gap between fingertips and thumb; for E the tips rest on the thumb."),
    ("CO", "For O let the fingertips touch the thumb; for C leave a gap as wide as two fingers."),
    ("CG", "For G stretch the index finger straight and close the rest; for C curve all fingers."),
    ("CX", "For X close the fist behind the hooked index finger; for C curve all fingers."),
    ("DF", "D raises the index finger alone; F raises the other three and closes it in the ring."),
    ("DG", "D points up, G points sideways: turn the wrist until it is clearly one of the two."),
    ("DI", "D raises the index finger, I the little finger: let the raised one stand clear."),
    ("DK", "D raises the index finger alone; K the middle finger as well, with the thumb between."),
    ("DL", "For L stretch the thumb out to the side; for D it meets the other fingertips."),
    ("DO", "For D stretch the index finger straight up; for O it joins the ring like the rest."),
    ("DR", "For R cross the middle finger over the index finger; for D it meets the thumb."),
    ("DU", "For D bring the middle finger down to the thumb; for U it stands beside the index."),
    ("DX", "For D stretch the index finger; for X bend it like a hook and close the fist."),
    ("DZ", "For D curl the other fingers to the thumb and hold still; Z is drawn, with a fist."),
    ("EM", "For E all four fingertips rest on the thumb; for M three fingers reach over it."),
    ("EN", "For E all four fingertips rest on the thumb; for N two fingers reach over it."),
    ("EO", "For O open the hand into a ring to look through; for E the tips lie low."),
    ("ES", "For E show the fingertips on top of the thumb; for S the thumb lies over the fist."),
    ("ET", "For T push the thumb's tip up between two fingers; for E it lies below all tips."),
    ("FO", "For F stretch three fingers up; for O they join the index finger in the ring."),
    ("FW", "For F close the ring with the index finger; for W with the little finger."),
    ("GH", "G stretches the index finger alone, the thumb along it; H stretches two fingers."),
    ("GL", "L points up with the thumb out to the side; G points sideways, thumb and index level."),
    ("GP", "For G keep the middle finger in the fist; for P let the middle finger hang down."),
    ("GQ", "G points sideways, Q at the floor: bend the wrist clearly."),
    ("GX", "For G stretch the index finger sideways; for X bend it like a hook, upright."),
    ("GZ", "Hold G still, sideways, with the thumb along the index finger; Z is drawn in the air."),
    ("HK", "H points sideways; K points up with the thumb between the two fingers."),
    ("HP", "H holds both fingers level and together; for P the middle finger hangs down."),
    ("HR", "R points up with fingers crossed; H points sideways, fingers side by side."),
    ("HU", "H points sideways, U up: turn the wrist until it is clearly one of the two."),
    ("IJ", "Hold the little finger still for I; J is the same hand drawing its hook."),
    ("IY", "For Y stretch the thumb out to the side; for I lay it across the fist."),
    ("KP", "K points up, P down: bend the wrist clearly."),
    ("KR", "For K put the thumb between the two fingers; for R cross them."),
    ("KU", "For K part the fingers and put the thumb between them; for U keep them together."),
    ("KV", "For K the thumb's tip touches the middle finger from inside; for V it is folded away."),
    ("LX", "For L stretch the index finger; for X bend it like a hook."),
    ("LY", "L is thumb and index finger, Y thumb and little finger."),
    ("LZ", "For L hold the thumb out to the side, and the hand still; Z is drawn in the air."),
    ("MN", "M lays three fingers over the thumb, N two: let the last one lie over it clearly."),
    ("MS", "For M the thumb hides below three fingers; for S it lies across their front."),
    ("MT", "M: three fingers over the thumb; T: the thumb's tip between index and middle finger."),
    ("NS", "For N the thumb hides below two fingers; for S it lies across their front."),
    ("NT", "N: two fingers over the thumb; T: the thumb's tip between index and middle finger."),
    ("NU", "For U stretch both fingers straight up; for N they bend down over the thumb."),
    ("OS", "For O leave a ring to look through; for S close the fist, thumb in front."),
    ("PQ", "For P the middle finger hangs down, the index points forward; for Q index and thumb."),
    ("RU", "For R cross the fingers so far that both tips show; for U keep them side by side."),
    ("RV", "For R cross the two fingers; for V spread them."),
    ("RX", "For R stretch two fingers and cross them; for X raise only the hooked index finger."),
    ("ST", "For S the thumb crosses in front of the fingers; for T its tip looks out between two."),
    ("SX", "For X raise the hooked index finger clear of the fist; for S all fingers stay closed."),
    ("TX", "For X raise the hooked index finger and keep the thumb in front; for T it stays down."),
    ("UV", "For U press the two fingers together; for V spread them widely."),
    ("UX", "For X bend the index finger and fold the middle one; for U both stand straight."),
    ("VW", "For W raise the ring finger as well; for V hold it down with the thumb."),
    ("XZ", "Hold the hooked finger of X still; Z is drawn in the air, with the finger straight."),
)
_BY_PAIR = {frozenset(pair): difference for pair, difference in _DIFFERENCES}

_FISTS = frozenset("AEMNSTO")
_SIDEWAYS = frozenset("CGHPQ")

SMALL_HAND_TIP = "Move closer, until the hand is a third of the picture's height or more."
DARK_TIP = "More light, from the front: a window or lamp behind the camera, none behind the hand."
NO_HAND_TIP = (
    "Show the whole hand with the wrist and some room around it, before a plain background, in "
    "good light."
)


def is_known_pair(first: str, second: str) -> bool:
    """Tell whether the two letters are known to look alike; the order does not matter."""
    return frozenset((first, second)) in _BY_PAIR


def pair_tip(signed: str, read_as: str) -> str:
    """Say what tells `signed` from `read_as`; both shapes where the pair is not a known one.

    Empty where one of the two is no letter, such as "space".
    """
    if signed not in LETTERS or read_as not in LETTERS:
        return ""
    known = _BY_PAIR.get(frozenset((signed, read_as)))
    return known or f"{signed} is {SHAPES[signed]}; {read_as} is {SHAPES[read_as]}."


def look_alikes(letter: str) -> tuple[tuple[str, str], ...]:
    """Return each letter that is known to look like `letter`, with what tells the two apart."""
    return tuple(
        (pair.replace(letter, ""), difference)
        for pair, difference in _DIFFERENCES
        if letter in pair
    )


def no_hand_tip(letter: str) -> str:
    """Say how to turn the hand of `letter` so that it is found; empty where nothing is known."""
    if letter in _FISTS:
        return "Turn the fist so that its knuckles face the camera, and let the wrist be seen."
    if letter in _SIDEWAYS:
        return "Edge-on a hand is hard to find: turn it until a little of palm or back is seen."
    return ""
