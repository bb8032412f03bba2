"""Optional: let two general-purpose trunks describe the training pictures, as a target for our network.

    teach.py --images <skin-images> --trunk <a.onnx> --trunk <b.onnx> --out <teacher.npz> --fold 1

The trunks (MobileNetV2, Apache-2.0) are read, run and left behind: no weight of theirs enters ours.
Writes `names`, `features` float32 [n, t] (principal components, unit variance) and `soft` float32 [n, 6]
(class probabilities). A picture's soft label comes from a classifier that never saw its patient; neither the
held-out fold nor the fold to validate on is read.
"""
import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch.nn import functional as F

from data import CLASSES, FOLDS, load_square, read_index
from measure import measure, softmax

SIZE = 224  # pixels, input of the trunks
BATCH = 16  # pictures, of four views each
CROP = 0.6  # share of the side that the second view shows
COMPONENTS = 96
PENALTY = 0.1  # L2 of the logistic regression; of 0.1, 0.3, 1, 3 the best log loss out of fold (1.06)


def load_trunk(file):
    """Read an ONNX trunk made of a handful of operations; return a function [n,3,224,224] -> [n,1280]."""
    graph = onnx.load(file).graph
    constants = {t.name: torch.as_tensor(numpy_helper.to_array(t).copy()) for t in graph.initializer}
    steps = [(n.op_type, list(n.input), n.output[0],
              {a.name: onnx.helper.get_attribute_value(a) for a in n.attribute}) for n in graph.node]

    def run(images):
        values = {**constants, "input": images}
        for operation, inputs, output, attributes in steps:
            values[output] = _apply(operation, [values[name] for name in inputs], attributes)
            if output == "features":
                break
        return values["features"]

    return run


def _apply(operation, inputs, attributes):
    if operation == "DequantizeLinear":
        weights, scale, zero = inputs
        return (weights.float() - zero.float()) * scale.float()
    if operation == "Conv":
        top, left, bottom, right = attributes["pads"]
        padded = F.pad(inputs[0], (left, right, top, bottom))
        return F.conv2d(padded, inputs[1], inputs[2], attributes["strides"], groups=attributes["group"])
    if operation == "Clip":
        return inputs[0].clamp(float(inputs[1]), float(inputs[2]))
    if operation == "Add":
        return inputs[0] + inputs[1]
    if operation == "GlobalAveragePool":
        return inputs[0].mean((2, 3), keepdim=True)
    if operation in ("Flatten", "Identity"):
        return inputs[0].flatten(1) if operation == "Flatten" else inputs[0]
    raise ValueError(f"operation {operation} is not known here")


def views(path):
    """Whole frame and centre crop, each also mirrored: float32 [4, 3, 224, 224], (byte - 128) / 128."""
    frame = torch.as_tensor(load_square(path, round(SIZE / CROP)).transpose(2, 0, 1).copy()).float()
    edge = (frame.shape[-1] - SIZE) // 2
    crop = frame[:, edge:edge + SIZE, edge:edge + SIZE]
    whole = torch.as_tensor(load_square(path, SIZE).transpose(2, 0, 1).copy()).float()
    pair = (torch.stack([whole, crop]) - 128) / 128
    return torch.cat([pair, pair.flip(3)])


@torch.no_grad()
def describe(pictures, trunks):
    """Square root of pooled features, mirrored views averaged: [n, trunks * 2 * 1280]."""
    rows = []
    for start in range(0, len(pictures), BATCH):
        images = torch.cat([views(p.path) for p in pictures[start:start + BATCH]])
        images = images.contiguous(memory_format=torch.channels_last)
        parts = [run(images).clamp(min=0).sqrt().view(-1, 2, 2, 1280).mean(1).flatten(1) for run in trunks]
        rows.append(torch.cat(parts, 1).numpy())
    return np.concatenate(rows)


def principal_components(features, width):
    """Standardise, rotate, keep the strongest `width` directions, scale them by one common factor."""
    standard = (features - features.mean(0)) / (features.std(0) + 1e-4)
    left, strength, _ = np.linalg.svd(standard, full_matrices=False)
    softened = left[:, :width] * np.sqrt(strength[:width])  # half whitened: strong directions count for more
    return (softened / softened.std()).astype(np.float32)


def fit_logistic(features, labels, rounds=400):
    """Class-balanced multinomial logistic regression; returns a function features -> logits."""
    centre, spread = features.mean(0), features.std(0) + 1e-4
    x = torch.as_tensor((features - centre) / spread / np.sqrt(features.shape[1]))
    y = torch.as_tensor(labels)
    weights = torch.zeros(x.shape[1], len(CLASSES), requires_grad=True)
    bias = torch.zeros(len(CLASSES), requires_grad=True)
    balance = 1.0 / np.maximum(np.bincount(labels, minlength=len(CLASSES)), 1)
    share = torch.as_tensor(balance / balance.sum(), dtype=torch.float32)
    optimiser = torch.optim.LBFGS([weights, bias], max_iter=rounds, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        loss = F.cross_entropy(x @ weights + bias, y, weight=share) + PENALTY / len(y) * weights.square().sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    fixed, shift = weights.detach().numpy(), bias.detach().numpy()
    return lambda f: ((f - centre) / spread / np.sqrt(features.shape[1])) @ fixed + shift


def soft_labels(features, labels, folds):
    """Out-of-fold class probabilities [n, 6]: each fold is answered by a classifier of the other folds."""
    logits = np.zeros((len(labels), len(CLASSES)), np.float32)
    for fold in np.unique(folds):
        inside = folds == fold
        logits[inside] = fit_logistic(features[~inside], labels[~inside])(features[inside])
    print({key: round(value, 3) for key, value in measure(logits, labels).items()}, flush=True)
    return softmax(logits).astype(np.float32)


def cached_features(options, pictures):
    """Describe the pictures, or read an earlier description from --cache."""
    cache = Path(options.cache) if options.cache else None
    if cache and cache.exists():
        stored = np.load(cache)
        place = {name: row for row, name in enumerate(stored["names"].tolist())}
        return stored["features"][[place[p.path.name] for p in pictures]]
    features = describe(pictures, [load_trunk(file) for file in options.trunk])
    if cache:
        np.savez(cache, names=np.array([p.path.name for p in pictures]), features=features)
    return features


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", required=True)
    parser.add_argument("--trunk", action="append", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--fold", default="1", help="fold to validate on (1 to 4), or none")
    parser.add_argument("--cache", help="file to keep the raw features of folds 1 to 4 in")
    options = parser.parse_args()
    torch.set_num_threads(1)
    smartphone, dermoscopy = read_index(options.images)
    fold = None if options.fold == "none" else int(options.fold)
    allowed = [p for p in smartphone if p.fold in range(1, FOLDS)]
    raw = cached_features(options, allowed + dermoscopy)
    keep = np.array([p.fold != fold for p in allowed + dermoscopy])
    pictures, raw = [p for p, k in zip(allowed + dermoscopy, keep) if k], raw[keep]
    count = sum(p.fold >= 0 for p in pictures)
    labels, folds = (np.array([getattr(p, name) for p in pictures[:count]]) for name in ("label", "fold"))
    soft = np.zeros((len(pictures), len(CLASSES)), np.float32)
    soft[:count] = soft_labels(raw[:count], labels, folds)
    np.savez(options.out, names=np.array([p.path.name for p in pictures]),
             features=principal_components(raw, COMPONENTS), soft=soft)


if __name__ == "__main__":
    main()
