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


def load_square(path, size, resample=Image.BILINEAR):
    """Return uint8 [size, size, 3] RGB: the centred square of the picture, resized with antialiasing."""
    image = Image.open(path).convert("RGB")
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    square = image.crop((left, top, left + side, top + side))
    return np.asarray(square.resize((size, size), resample), dtype=np.uint8)


def load_all(pictures, size, resample=Image.BILINEAR):
    """Return (pixels uint8 [n, 3, size, size], labels int64 [n])."""
    pixels = np.stack([load_square(p.path, size, resample).transpose(2, 0, 1) for p in pictures])
    return pixels, np.array([p.label for p in pictures], dtype=np.int64)
