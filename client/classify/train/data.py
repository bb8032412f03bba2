"""Pictures and labels: read the index, split by patient, load pixels.

The index is `labels.csv` beside the pictures; its columns are described in the README of this folder.
Nothing here draws random numbers: the split follows from a hash of the patient's code.
"""
import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

CLASSES = ("BCC", "ACK", "NEV", "SEK", "SCC", "MEL")  # order of the six logits
DERMOSCOPY_CLASSES = ("NEV", "MEL", "SEK")  # order of the auxiliary head, not exported
MALIGNANT = ("BCC", "SCC", "MEL")
INPUT_SIZE = 128  # pixels, height and width of the network's input
STORED_SIZE = 160  # pixels, height and width kept in memory for augmentation
FOLDS = 5  # fold 0 is held out for good, folds 1 to 4 are for training and inner validation
SPLIT_SALT = "skin-net-split-1"
ALLOWED_LICENCES = ("CC-BY-4.0", "CC0-1.0")
_RARE_FIRST = ("SCC", "MEL", "SEK", "NEV", "ACK", "BCC")


@dataclass(frozen=True)
class Picture:
    """One row of the index."""

    path: Path
    label: int  # place in CLASSES, or in DERMOSCOPY_CLASSES
    patient: str
    fold: int  # -1 for dermoscopy, which is never validated on
    fitzpatrick: str


def read_index(folder):
    """Return (smartphone, dermoscopy): two lists of Picture; refuses licences that are not allowed."""
    with open(Path(folder) / "labels.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["licence"] not in ALLOWED_LICENCES:
            raise ValueError(f"{row['file']}: licence {row['licence']!r} is not allowed")
    smartphone = [r for r in rows if r["modality"] == "clinical-smartphone" and r["label"] in CLASSES]
    dermoscopy = [r for r in rows if r["modality"] == "dermoscopy" and r["label"] in DERMOSCOPY_CLASSES]
    folds = assign_folds([(r["group_id"], r["label"]) for r in smartphone])
    return (
        [_picture(folder, r, CLASSES, folds[r["group_id"]]) for r in smartphone],
        [_picture(folder, r, DERMOSCOPY_CLASSES, -1) for r in dermoscopy],
    )


def _picture(folder, row, classes, fold):
    return Picture(Path(folder) / row["file"], classes.index(row["label"]), row["group_id"], fold, row["fitzpatrick"])


def assign_folds(patient_labels):
    """Map each patient to a fold 0..4: stratified by the patient's rarest class, ordered by hash."""
    rarest = {}
    for patient, label in patient_labels:
        rank = _RARE_FIRST.index(label)
        rarest[patient] = min(rank, rarest.get(patient, rank))
    ordered = sorted(rarest, key=lambda patient: (rarest[patient], _digest(patient)))
    return {patient: place % FOLDS for place, patient in enumerate(ordered)}


def _digest(patient):
    return hashlib.sha256(f"{SPLIT_SALT}:{patient}".encode()).hexdigest()


def load_square(path, size):
    """Return uint8 [size, size, 3] RGB: the centred square of the picture, each pixel the mean of the area it covers.

    The client reduces pictures by the same rule, so no resampling filter has to agree between two libraries.
    """
    pixels = np.asarray(Image.open(path).convert("RGB"), dtype=np.float32)
    side = min(pixels.shape[:2])
    top, left = (pixels.shape[0] - side) // 2, (pixels.shape[1] - side) // 2
    square = pixels[top:top + side, left:left + side]
    shares = _overlaps(side, size)
    reduced = np.einsum("is,stc,jt->ijc", shares, square, shares, optimize=True)
    return np.clip(np.rint(reduced), 0, 255).astype(np.uint8)


def _overlaps(source, target):
    """[target, source]: the share of each source pixel in each target pixel; every row sums to 1."""
    step = source / target
    start = np.arange(target)[:, None] * step
    pixel = np.arange(source)[None, :]
    shares = np.minimum(start + step, pixel + 1) - np.maximum(start, pixel)
    shares = np.clip(shares, 0, None)
    return (shares / shares.sum(1, keepdims=True)).astype(np.float32)


def load_all(pictures, size):
    """Return (pixels uint8 [n, 3, size, size], labels int64 [n])."""
    pixels = np.stack([load_square(p.path, size).transpose(2, 0, 1) for p in pictures])
    return pixels, np.array([p.label for p in pictures], dtype=np.int64)
