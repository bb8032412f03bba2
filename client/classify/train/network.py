"""Skin-Net 0.1: a small residual network for 128 x 128 pixel RGB pictures.

    input  [n,   3, 128, 128]
    stem   [n,  16,  64,  64]   3x3, stride 2
    stage  [n,  24,  64,  64]   1 residual block
    stage  [n,  48,  32,  32]   2 residual blocks
    stage  [n,  96,  16,  16]   2 residual blocks
    stage  [n, 128,   8,   8]   1 residual block, 1 bottleneck block
    fmap   [n,   6,   8,   8]   1x1 convolution times the weight of the place: what each place says for each class
    logits [n,   6]             mean of fmap
"""
import copy

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils.fusion import fuse_conv_bn_eval

WIDTHS = (16, 24, 48, 96, 128)
CELLS = 8  # height and width of the last feature map
CENTRE_SIGMA = 2.5  # cells; weight of a cell falls with its distance from the centre


class ConvNorm(nn.Sequential):
    """Convolution without bias, then batch norm."""

    def __init__(self, inputs, outputs, kernel=3, stride=1):
        super().__init__(
            nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs)
        )


class Block(nn.Module):
    """Residual block: two 3x3 convolutions, or a bottleneck (1x1, 3x3, 1x1) when `middle` is given."""

    def __init__(self, inputs, outputs, stride=1, middle=None):
        super().__init__()
        if middle is None:
            self.body = nn.Sequential(
                ConvNorm(inputs, outputs, 3, stride), nn.ReLU(), ConvNorm(outputs, outputs)
            )
        else:
            self.body = nn.Sequential(
                ConvNorm(inputs, middle, 1), nn.ReLU(), ConvNorm(middle, middle, 3, stride), nn.ReLU(),
                ConvNorm(middle, outputs, 1),
            )
        same = inputs == outputs and stride == 1
        self.shortcut = nn.Identity() if same else ConvNorm(inputs, outputs, 1, stride)

    def forward(self, x):
        return F.relu(self.body(x) + self.shortcut(x))


class SkinNet(nn.Module):
    """The exported network: pixels in [-1, 1] -> (logits [n, 6], fmap [n, 6, 8, 8])."""

    def __init__(self, classes=6, dropout=0.2):
        super().__init__()
        a, b, c, d, e = WIDTHS
        self.trunk = nn.Sequential(
            ConvNorm(3, a, 3, 2), nn.ReLU(),
            Block(a, b), Block(b, c, 2), Block(c, c), Block(c, d, 2), Block(d, d),
            Block(d, e, 2), Block(e, e, middle=64),
        )
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Conv2d(e, classes, 1)
        self.register_buffer("centre", centre_weights(CELLS, CENTRE_SIGMA))

    def features(self, x):
        """[n, 3, 128, 128] -> [n, 128, 8, 8]"""
        return self.trunk(x)

    def pool(self, maps):
        """Centre-weighted mean over places: [n, k, 8, 8] -> [n, k]; the weights have mean 1."""
        return (maps * self.centre).mean(dim=(2, 3))

    def forward(self, x):
        fmap = self.head(self.dropout(self.features(x))) * self.centre
        return fmap.mean(dim=(2, 3)), fmap


class TrainingNet(nn.Module):
    """SkinNet with the heads that only training needs: dermoscopy classes and a teacher's features."""

    def __init__(self, dermoscopy_classes=3, teacher_width=0):
        super().__init__()
        self.net = SkinNet()
        self.dermoscopy = nn.Linear(WIDTHS[-1], dermoscopy_classes)
        self.imitation = nn.Linear(WIDTHS[-1], teacher_width) if teacher_width else None

    def forward(self, x):
        """[n, 3, 128, 128] -> (logits [n, 6], dermoscopy logits [n, 3], imitation [n, t] or None)"""
        pooled = self.net.pool(self.net.features(x))
        dropped = self.net.dropout(pooled)
        logits = self.net.head(dropped[:, :, None, None])[:, :, 0, 0]
        imitation = self.imitation(pooled) if self.imitation is not None else None
        return logits, self.dermoscopy(dropped), imitation


def centre_weights(cells, sigma):
    """[1, 1, cells, cells] Gaussian around the centre, scaled to mean 1."""
    place = torch.arange(cells, dtype=torch.float32) - (cells - 1) / 2
    line = torch.exp(-place.square() / (2 * sigma * sigma))
    weights = line[:, None] * line[None, :]
    return (weights / weights.mean())[None, None]


def fold_batch_norm(network):
    """Return a copy in evaluation mode, in which every ConvNorm is one convolution with a bias."""
    folded = copy.deepcopy(network).eval()
    for parent in list(folded.modules()):
        for name, child in parent.named_children():
            if isinstance(child, ConvNorm):
                setattr(parent, name, fuse_conv_bn_eval(child[0], child[1]))
    return folded


def count_weights(network):
    return sum(parameter.numel() for parameter in network.parameters())
