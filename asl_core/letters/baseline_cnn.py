"""The small network of the tutorial that this project is compared with."""

from itertools import pairwise

from torch import Tensor, nn

INPUT_SIZE = 64
HIDDEN_UNITS = 128

_CHANNELS = (3, 32, 64, 128)


class BaselineCnn(nn.Module):
    """Three times convolution 3x3, ReLU and pooling, then two dense layers.

    Input float32 `(B, 3, 64, 64)`, RGB in 0-1; output logits float32 `(B, class_count)`. The
    convolutions are unpadded, as Keras makes them by default, so the maps are 31, 14 and 6 pixels
    wide after each pooling. With 29 classes it has 686,941 parameters.
    """

    def __init__(self, class_count: int) -> None:
        super().__init__()
        blocks: list[nn.Module] = []
        side = INPUT_SIZE
        for before, after in pairwise(_CHANNELS):
            blocks += [nn.Conv2d(before, after, 3), nn.ReLU(inplace=True), nn.MaxPool2d(2)]
            side = (side - 2) // 2
        self.features = nn.Sequential(*blocks)
        self.hidden = nn.Linear(_CHANNELS[-1] * side * side, HIDDEN_UNITS)
        self.head = nn.Linear(HIDDEN_UNITS, class_count)

    def forward(self, pictures: Tensor) -> Tensor:
        """Give the logits `(B, class_count)` of pictures `(B, 3, 64, 64)`."""
        features = self.features(pictures).flatten(1)
        logits: Tensor = self.head(self.hidden(features).relu())
        return logits
