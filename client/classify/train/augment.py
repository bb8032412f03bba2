"""Random changes of a batch, on tensors: place, scale, turn, colour, blur, noise, a hidden rectangle.

Lesions have no up or down, so every turn and flip is allowed. Colour changes stay mild: colour is a finding.
All functions take and return float32 [n, 3, h, w]; values are 0..1 until `normalise`.
"""
import math

import torch
from torch.nn import functional as F


def normalise(pixels):
    """uint8 0..255 -> float32 -1..1, the same rule as in the manifest: byte / 127.5 - 1."""
    return pixels.float() / 127.5 - 1


def augment(pixels, size, generator):
    """uint8 [n, 3, stored, stored] -> float32 [n, 3, size, size] in -1..1."""
    images = pixels.float() / 255
    images = _warp(images, size, generator)
    images = _soften(images, generator)
    images = _recolour(images, generator)
    images = _hide(images, generator)
    return images * 2 - 1


def _uniform(count, low, high, generator):
    return torch.rand(count, generator=generator) * (high - low) + low


def _warp(images, size, generator):
    """Turn by any angle, flip, zoom to 55-105 % of the side, stretch up to 15 %, shift."""
    n = len(images)
    angle = _uniform(n, 0, 2 * math.pi, generator)
    side = _uniform(n, 0.55, 1.05, generator)
    stretch = torch.exp(_uniform(n, -0.14, 0.14, generator))
    flip = (torch.rand(n, generator=generator) < 0.5).float() * 2 - 1
    room = (1.05 - side).clamp(min=0.05) * 0.6
    shift_x, shift_y = (_uniform(n, -1, 1, generator) * room for _ in range(2))
    cos, sin = torch.cos(angle) * side, torch.sin(angle) * side
    matrix = torch.stack(
        [torch.stack([cos * stretch * flip, -sin / stretch, shift_x], 1),
         torch.stack([sin * stretch * flip, cos / stretch, shift_y], 1)], 1)
    grid = F.affine_grid(matrix, (n, 3, size, size), align_corners=False)
    return F.grid_sample(images, grid, mode="bilinear", padding_mode="reflection", align_corners=False)


def _soften(images, generator):
    """Blur a third of the pictures a little, as phone pictures are; sharpen a few."""
    blurred = F.avg_pool2d(F.pad(images, (1, 1, 1, 1), mode="replicate"), 3, 1)
    amount = _uniform(len(images), -0.3, 1.0, generator)
    amount = torch.where(torch.rand(len(images), generator=generator) < 0.4, amount, torch.zeros(()))
    return images + (blurred - images) * amount[:, None, None, None]


def _recolour(images, generator):
    """Brightness, contrast, saturation, white balance and gamma, each by a few tenths at most."""
    n = len(images)
    shape = (n, 1, 1, 1)
    gamma = torch.exp(_uniform(n, -0.25, 0.25, generator)).view(shape)
    images = images.clamp(1e-4, 1) ** gamma
    balance = torch.exp(torch.randn(n, 3, generator=generator) * 0.06)[:, :, None, None]
    images = images * balance * _uniform(n, 0.8, 1.2, generator).view(shape)
    grey = images.mean(1, keepdim=True)
    images = grey + (images - grey) * _uniform(n, 0.7, 1.3, generator).view(shape)
    middle = images.mean((1, 2, 3), keepdim=True)
    images = middle + (images - middle) * _uniform(n, 0.75, 1.3, generator).view(shape)
    noise = torch.randn(images.shape, generator=generator) * _uniform(n, 0, 0.02, generator).view(shape)
    return (images + noise).clamp(0, 1)


def _hide(images, generator):
    """Paint the mean colour over one rectangle in half of the pictures: no single place may decide."""
    images = images.clone()
    size = images.shape[-1]
    for image in images:
        if torch.rand((), generator=generator) < 0.5:
            continue
        height, width = (int(x) for x in torch.randint(size // 8, int(size * 0.4), (2,), generator=generator))
        top = int(torch.randint(0, size - height, (), generator=generator))
        left = int(torch.randint(0, size - width, (), generator=generator))
        image[:, top:top + height, left:left + width] = image.mean((1, 2), keepdim=True)
    return images
