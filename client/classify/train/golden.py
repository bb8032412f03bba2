"""Three drawn pictures and the answers PyTorch gives to them, so that any runtime can be checked against it."""
import hashlib

import numpy as np
import torch

from augment import normalise
from data import INPUT_SIZE
from measure import softmax
from train import predict

# Byte of row y, column x, channel c (0 R, 1 G, 2 B). Integers only; each line is valid Python and JavaScript,
# where a comparison counts as 0 or 1.
FORMULAS = {
    "stripes": "(3 * x + 5 * y + 40 * c) % 256",
    "disc": "214 - 23 * c - ((x - 64) ** 2 + (y - 64) ** 2 < 900) * (94 + c) + (7 * x + 13 * y + 29 * c) % 17",
    "squares": "200 - 60 * c - (((x >> 4) + (y >> 4)) % 2 == 0) * (110 - 110 * c)",
}


def draw(formula):
    """uint8 [128, 128, 3]"""
    code = compile(formula, "formula", "eval")
    size = range(INPUT_SIZE)
    return np.array([[[eval(code, {"x": x, "y": y, "c": c}) for c in range(3)] for x in size] for y in size],
                    dtype=np.uint8)


def golden(network, sha256, temperature):
    """The content of golden.json for a folded network."""
    return {
        "description": "Drawn 128 x 128 RGB pictures and the answers of PyTorch. bytes: value of row y, column x, "
                       "channel c (0 R, 1 G, 2 B); integers, a comparison counts as 0 or 1. "
                       "input[c][y][x] = byte / 127.5 - 1. bytesSha256 is of the bytes in the order y, x, c.",
        "model": {"name": "skin-net", "version": "0.1.0", "sha256": sha256},
        "tolerance": 0.001,
        "temperature": temperature,
        "images": [_answer(network, name, formula, temperature) for name, formula in FORMULAS.items()],
    }


def _answer(network, name, formula, temperature):
    pixels = draw(formula)
    planes = pixels.transpose(2, 0, 1)[None].copy()
    logits = predict(network, planes)
    with torch.no_grad():
        fmap = network(normalise(torch.as_tensor(planes)))[1][0].numpy()
    return {
        "name": name,
        "bytes": formula,
        "bytesSha256": hashlib.sha256(pixels.tobytes()).hexdigest(),
        "logits": _list(logits[0]),
        "softmax": _list(softmax(logits)[0]),
        "calibrated": _list(softmax(logits, temperature)[0]),
        "fmapTopLeft": _list(fmap[:, 0, 0]),
        "fmapRow3Column4": _list(fmap[:, 3, 4]),
    }


def _list(values):
    return [round(float(v), 6) for v in values]
