"""Changes a batch of kept crops at random, on the device that trains."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor

from asl_core.images import LUMA
from asl_core.letters.preprocessing import IMAGENET_MEAN, Preprocessing
from asl_core.training.settings import Augmentation

_BLUR_LENGTH = 9
_IMAGENET = Preprocessing()


def view_batch(
    crops: Tensor,
    size: int,
    zoom: float,
    augmentation: Augmentation | None = None,
    mirrored: Tensor | None = None,
    generator: torch.Generator | None = None,
    preprocessing: Preprocessing = _IMAGENET,
) -> Tensor:
    """Turn kept crops, uint8 `(B, K, K, 3)`, into normalised float32 `(B, 3, size, size)`.

    `zoom` is the share of the kept crop's side that the network sees. Where `mirrored`, bool
    `(B,)`, holds, the crop is mirrored first. Without `augmentation` the view is the centred one
    of inference. What lies beyond the kept crop has ImageNet's mean colour, as in `hands/crop.py`.
    Of `preprocessing` only `mean` and `std` are used.
    """
    beyond, mean, std = (
        torch.tensor(values, device=crops.device).view(1, 3, 1, 1)
        for values in (IMAGENET_MEAN, preprocessing.mean, preprocessing.std)
    )
    centred = crops.permute(0, 3, 1, 2).contiguous().float().div_(255).sub_(beyond)
    theta = _placements(len(crops), zoom, augmentation, mirrored, generator).to(crops.device)
    grid = F.affine_grid(theta, [len(crops), 3, size, size], align_corners=False)
    views = F.grid_sample(centred, grid, align_corners=False)
    if augmentation is not None:
        # After the reduction to `size`: a third of the pixels, a third of the time.
        views = _change_light(views.add_(beyond), augmentation, generator).sub_(beyond)
    views = views.add_(beyond - mean).div_(std)
    if augmentation is not None:
        views = _degrade(views, augmentation, generator)
    return views.contiguous(memory_format=torch.channels_last)


def _placements(
    count: int,
    zoom: float,
    augmentation: Augmentation | None,
    mirrored: Tensor | None,
    generator: torch.Generator | None,
) -> Tensor:
    """Draw affine maps from output to input coordinates, float32 `(B, 2, 3)`."""
    side = torch.ones(count)
    if mirrored is not None:
        side[mirrored.cpu()] = -1
    if augmentation is None:
        angle = shift_x = shift_y = torch.zeros(count)
        scale = torch.full((count,), zoom)
    else:
        a = augmentation
        angle = _spread(count, math.radians(a.rotation_degrees), generator)
        scale = zoom * torch.exp(_spread(count, math.log1p(a.zoom), generator))
        shift_x = _spread(count, 2 * a.translation * zoom, generator)
        shift_y = _spread(count, 2 * a.translation * zoom, generator)
        side = torch.where(torch.rand(count, generator=generator) < a.flip, -side, side)
    cosine, sine = torch.cos(angle) * scale, torch.sin(angle) * scale
    first = torch.stack([cosine * side, -sine, shift_x], dim=1)
    second = torch.stack([sine * side, cosine, shift_y], dim=1)
    return torch.stack([first, second], dim=1)


def _change_light(pixels: Tensor, a: Augmentation, generator: torch.Generator | None) -> Tensor:
    """Change exposure and colour of pixels in 0-1, `(B, 3, H, W)`."""
    count, device = len(pixels), pixels.device

    def column(values: Tensor) -> Tensor:
        return values.to(device).view(count, -1, 1, 1)

    if a.gamma:
        exponent = torch.exp(_spread(count, math.log1p(a.gamma), generator))
        pixels = pixels.clamp_min(1e-4).pow(column(exponent))
    if a.jitter:
        pixels = pixels * column(1 + _spread(count, a.jitter, generator))
        average = pixels.mean(dim=(1, 2, 3), keepdim=True)
        pixels = torch.lerp(average, pixels, column(1 + _spread(count, a.jitter, generator)))
        grey = (pixels * torch.tensor(LUMA, device=device).view(1, 3, 1, 1)).sum(1, keepdim=True)
        pixels = torch.lerp(grey, pixels, column(1 + _spread(count, a.jitter, generator)))
    if a.tint:
        pixels = pixels * column(1 + _spread(count * 3, a.tint, generator))
    if a.low_light:
        dark = (torch.rand(count, generator=generator) < a.low_light).nonzero().flatten()
        if len(dark):
            pixels[dark] = _darken(pixels[dark].clamp(0, 1), generator)
    return pixels.clamp_(0, 1)


def _darken(pixels: Tensor, generator: torch.Generator | None) -> Tensor:
    """Show pixels in 0-1, `(B, 3, H, W)`, as a camera does in a dark room.

    A half to a tenth of the light with a colour cast reaches the sensor, whose noise stays; the
    camera's gain brings part of it back.
    """
    count, device = len(pixels), pixels.device

    def drawn(columns: int = 1) -> Tensor:
        values = torch.rand(count * columns, generator=generator)
        return values.view(count, columns, 1, 1).to(device)

    light = torch.exp(-(0.7 + 1.6 * drawn()))
    cast = 1 + 0.4 * (2 * drawn(3) - 1)
    noise = torch.randn(pixels.shape, generator=generator).to(device) * (0.004 + 0.016 * drawn())
    gain = light ** -(0.7 * drawn())
    return (pixels * light * cast + noise) * gain


def _degrade(views: Tensor, a: Augmentation, generator: torch.Generator | None) -> Tensor:
    """Blur, coarsen, add noise and paint over parts of normalised views `(B, 3, S, S)`."""
    count, size = len(views), views.shape[-1]

    def chosen(chance: float) -> Tensor:
        return (torch.rand(count, generator=generator) < chance).nonzero().flatten()

    blurred = chosen(a.blur)
    if len(blurred):
        views[blurred] = _motion_blur(views[blurred], generator)
    coarse = chosen(a.coarse)
    if len(coarse):
        small = int(torch.randint(24, 65, (1,), generator=generator))
        reduced = F.interpolate(views[coarse], (small, small), mode="area")
        views[coarse] = F.interpolate(reduced, (size, size), mode="bilinear", align_corners=False)
    noisy = chosen(a.noise)
    if len(noisy):
        strength = torch.rand(len(noisy), 1, 1, 1, generator=generator) * 0.3
        noise = torch.randn(views[noisy].shape, generator=generator) * strength
        views[noisy] += noise.to(views.device)
    for index in chosen(a.erase).tolist():
        sides = (size * (0.1 + 0.25 * torch.rand(2, generator=generator))).int().tolist()
        top, left = (
            int(torch.randint(0, size - side, (1,), generator=generator)) for side in sides
        )
        colour = torch.randn(3, 1, 1, generator=generator).to(views.device)
        views[index, :, top : top + sides[0], left : left + sides[1]] = colour
    return views


def _motion_blur(views: Tensor, generator: torch.Generator | None) -> Tensor:
    """Average each view along a line of up to _BLUR_LENGTH pixels in a random direction."""
    count, _, size, _ = views.shape
    reach = torch.arange(_BLUR_LENGTH) - _BLUR_LENGTH // 2
    angles = torch.rand(count, generator=generator) * math.pi
    half = 1 + torch.rand(count, generator=generator) * (_BLUR_LENGTH / 2 - 1)
    kernels = torch.zeros(count, _BLUR_LENGTH, _BLUR_LENGTH)
    for i in range(count):
        along = reach[reach.abs() <= half[i]].float()
        rows = (along * torch.sin(angles[i])).round().long() + _BLUR_LENGTH // 2
        columns = (along * torch.cos(angles[i])).round().long() + _BLUR_LENGTH // 2
        kernels[i, rows, columns] = 1
    kernels /= kernels.sum(dim=(1, 2), keepdim=True)
    weight = kernels.repeat_interleave(3, dim=0).unsqueeze(1).to(views.device)
    flat = views.contiguous().view(1, count * 3, size, size)
    blurred = F.conv2d(flat, weight, padding=_BLUR_LENGTH // 2, groups=count * 3)
    return blurred.view(count, 3, size, size)


def _spread(count: int, reach: float, generator: torch.Generator | None) -> Tensor:
    return (torch.rand(count, generator=generator) * 2 - 1) * reach
