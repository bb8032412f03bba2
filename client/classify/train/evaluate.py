"""Calibrate on inner validation, then, only when asked, open the held-out patients and measure.

    evaluate.py --run <run-folder> --validation <run-1> --out <figures.json>
    evaluate.py ... --images <skin-images> --open-heldout 1      1 = how often the part has been opened by now

Temperature and thresholds come from the validation answers alone. Where several runs are given (one a fold),
their answers are pooled: each was given by a network that never saw the patient.
Training makes logits that suppose equally frequent classes; `prior_shift` moves them half way to the frequencies
of the training pictures, or a class of 34 pictures would be called far too often.
"""
import argparse
import json
from pathlib import Path

import numpy as np
import torch

from data import CLASSES, INPUT_SIZE, load_all, read_index
from measure import bootstrap, fit_temperature, is_malignant, malignant_score, measure, recalls, softmax
from network import SkinNet
from train import predict

ANSWER_ACCURACY = 0.75  # abstain so often that this share of the validation answers given is right
SENSITIVITY = 0.90  # of the malignant pictures in validation, the share to flag
PRIOR_POWER = 0.5  # 0 classes equally frequent, 1 as in training; of 0, 0.25, 0.5, 0.75, 1 the best in validation
WITH_INTERVALS = ("accuracy", "balancedAccuracy", "balancedAccuracyMerged5", "macroAuc", "malignantAuc", "top2")


def prior_shift(run):
    """What to add to the logits of a run: float32 [6]."""
    counts = json.loads((Path(run) / "run.json").read_text())["counts"]
    frequency = np.array([counts[c] for c in CLASSES], np.float64)
    return (PRIOR_POWER * np.log(frequency / frequency.sum())).astype(np.float32)


def load_network(run):
    """Return the trained SkinNet of a run folder, in evaluation mode, with the shift in the bias of its head."""
    network = SkinNet()
    network.load_state_dict(torch.load(Path(run) / "weights.pt"))
    network.head.bias.data += torch.as_tensor(prior_shift(run))
    return network.eval()


def read_validation(runs):
    """Pool the validation answers of runs: (logits [n, 6], labels [n], patients [n])."""
    stored = [np.load(Path(run) / "validation.npz") for run in runs]
    logits = [s["logits"] + prior_shift(run) for s, run in zip(stored, runs)]
    return (np.concatenate(logits), *(np.concatenate([s[key] for s in stored]) for key in ("labels", "patients")))


def choose_abstention(probabilities, labels):
    """The lowest top probability, in hundredths, from which on answers are right often enough."""
    confidence, right = probabilities.max(1), probabilities.argmax(1) == labels
    for threshold in np.arange(0.2, 0.95, 0.01):
        given = confidence >= threshold
        if given.any() and right[given].mean() >= ANSWER_ACCURACY:
            return round(float(threshold), 2)
    return 0.95


def choose_suspicion(probabilities, labels):
    """The highest summed malignant probability that still flags enough of the malignant pictures."""
    scores = np.sort(malignant_score(probabilities)[is_malignant(labels)])
    place = int(np.floor((1 - SENSITIVITY) * len(scores)))
    return float(np.floor(scores[place] * 1000) / 1000)


def at_thresholds(probabilities, labels, thresholds):
    """What the two thresholds do: share answered, accuracy of answers, sensitivity, specificity, per class."""
    given = probabilities.max(1) >= thresholds["abstainBelow"]
    right = probabilities.argmax(1) == labels
    flagged, ill = malignant_score(probabilities) >= thresholds["suspiciousAbove"], is_malignant(labels)
    return {
        "coverage": float(given.mean()),
        "accuracyOfAnswers": float(right[given].mean()) if given.any() else None,
        "sensitivity": float(flagged[ill].mean()),
        "specificity": float((~flagged[~ill]).mean()),
        "flagged": {c: _share(flagged[labels == k]) for k, c in enumerate(CLASSES)},
    }


def _share(claims):
    return {"n": int(len(claims)), "count": int(claims.sum())}


def figures(logits, labels, patients, temperature, thresholds):
    """Everything we report of one part, with bootstrap intervals over patients."""
    p = softmax(logits, temperature)
    answers = p.argmax(1)
    matrix = [[int(np.sum((labels == a) & (answers == b))) for b in range(len(CLASSES))] for a in range(len(CLASSES))]
    return {
        "n": int(len(labels)),
        "patients": int(len(set(patients))),
        "metrics": _rounded(measure(logits, labels, temperature)),
        "intervals95ByPatient": _rounded(bootstrap(logits, labels, patients, temperature, WITH_INTERVALS)),
        "recall": {c: {"n": int(np.sum(labels == k)), "right": matrix[k][k], "value": _round(r)}
                   for k, (c, r) in enumerate(zip(CLASSES, recalls(answers, labels)))},
        "confusion": {"rows": "label", "columns": "answer", "order": list(CLASSES), "counts": matrix},
        "atThresholds": _rounded(at_thresholds(p, labels, thresholds)),
    }


def _round(value):
    return None if value is None or np.isnan(value) else round(float(value), 3)


def _rounded(tree):
    if isinstance(tree, dict):
        return {key: _rounded(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_rounded(value) for value in tree]
    return _round(tree) if isinstance(tree, float) else tree


def by_skin_type(network, pictures, pixels, labels):
    """Right answers by recorded Fitzpatrick type; 'unknown' where the record has none."""
    right = predict(network, pixels).argmax(1) == labels
    types = np.array([p.fitzpatrick or "unknown" for p in pictures])
    return {t: _share(right[types == t]) for t in sorted(set(types))}


def heldout(network, images, temperature, thresholds):
    pictures = [p for p in read_index(images)[0] if p.fold == 0]
    pixels, labels = load_all(pictures, INPUT_SIZE)
    patients = np.array([p.patient for p in pictures])
    result = figures(predict(network, pixels), labels, patients, temperature, thresholds)
    result["bySubgroup"] = {"fitzpatrick": by_skin_type(network, pictures, pixels, labels)}
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--run", required=True)
    parser.add_argument("--validation", action="append", required=True)
    parser.add_argument("--out", required=True)
    parser.add_argument("--images")
    parser.add_argument("--open-heldout", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    logits, labels, patients = read_validation(options.validation)
    temperature = round(fit_temperature(logits, labels), 3)
    p = softmax(logits, temperature)
    thresholds = {"abstainBelow": choose_abstention(p, labels), "suspiciousAbove": choose_suspicion(p, labels)}
    result = {
        "run": json.loads((Path(options.run) / "run.json").read_text()),
        "temperature": temperature, "thresholds": thresholds, "heldOutOpened": options.open_heldout,
        "validationRuns": len(options.validation),
        "validation": figures(logits, labels, patients, temperature, thresholds),
    }
    if options.open_heldout:
        result["heldOut"] = heldout(load_network(options.run), options.images, temperature, thresholds)
    Path(options.out).write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps({k: result[k] for k in ("temperature", "thresholds", "validation", "heldOut") if k in result}))


if __name__ == "__main__":
    main()
