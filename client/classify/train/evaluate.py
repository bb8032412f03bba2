"""Calibrate on inner validation, then, only when asked, open the held-out patients and measure.

    evaluate.py --images <skin-images> --run <run-folder> --validation <run-1> --out <figures.json>
    evaluate.py ... --open-heldout 1      1 = how often the part has been opened by now

Temperature and thresholds come from the validation answers alone. Where several runs are given (one a fold),
their answers are pooled: each was given by a network that never saw the patient.
"""
import argparse
import json
from pathlib import Path

import numpy as np
import torch

from augment import normalise
from data import CLASSES, INPUT_SIZE, load_all, read_index
from measure import area_votes, bootstrap, fit_temperature, is_malignant, malignant_score, measure, recalls, softmax
from network import SkinNet

ANSWER_ACCURACY = 0.75  # abstain so often that this share of the validation answers given is right
SENSITIVITY = 0.90  # of the malignant pictures in validation, the share to flag
WITH_INTERVALS = ("accuracy", "balancedAccuracy", "balancedAccuracyMerged5", "macroAuc", "malignantAuc", "top2")


def load_network(run):
    """Return the trained SkinNet of a run folder, in evaluation mode."""
    network = SkinNet()
    network.load_state_dict(torch.load(Path(run) / "weights.pt"))
    return network.eval()


class Answers:
    """What a network said of some pictures: logits [n, 6], fmap [n, 6, 8, 8], labels [n], patients [n]."""

    def __init__(self, logits, fmap, labels, patients):
        self.logits, self.fmap, self.labels, self.patients = logits, fmap, labels, patients

    @staticmethod
    def pool(parts):
        """Join answers, each of a network that never saw the pictures."""
        return Answers(*(np.concatenate([getattr(part, name) for part in parts])
                         for name in ("logits", "fmap", "labels", "patients")))


@torch.no_grad()
def answer(network, pictures):
    """One view of each picture, no flips."""
    pixels, labels = load_all(pictures, INPUT_SIZE)
    fmap = torch.cat([network(normalise(torch.as_tensor(pixels[i:i + 64])))[1] for i in range(0, len(pixels), 64)])
    return Answers(fmap.mean((2, 3)).numpy(), fmap.numpy(), labels, np.array([p.patient for p in pictures]))


def validate(run, smartphone):
    """Answers of a run to the fold that it was kept from."""
    fold = int(json.loads((Path(run) / "run.json").read_text())["fold"])
    return answer(load_network(run), [p for p in smartphone if p.fold == fold])


def choose_abstention(answers, temperature):
    """The lowest top probability, in hundredths, from which on the answers given are right often enough."""
    for hundredth in range(20, 95):
        given, right = _given(answers, temperature, hundredth / 100)
        if given.any() and right[given].mean() >= ANSWER_ACCURACY:
            return hundredth / 100
    return 0.95


def _given(answers, temperature, threshold):
    """(is an answer given, is it right): sure enough, and the votes of the places name the same class."""
    p = softmax(answers.logits, temperature)
    agrees = area_votes(answers.fmap, temperature).argmax(1) == p.argmax(1)
    return (p.max(1) >= threshold) & agrees, p.argmax(1) == answers.labels


def choose_suspicion(answers, temperature):
    """The highest summed malignant probability that still flags enough of the malignant pictures."""
    p = softmax(answers.logits, temperature)
    scores = np.sort(malignant_score(p)[is_malignant(answers.labels)])
    place = int(np.floor((1 - SENSITIVITY) * len(scores)))
    return float(np.floor(scores[place] * 1000) / 1000)


def at_thresholds(answers, temperature, thresholds):
    """What the two thresholds do: share answered, accuracy of answers, sensitivity, specificity, per class."""
    given, right = _given(answers, temperature, thresholds["abstainBelow"])
    flagged = malignant_score(softmax(answers.logits, temperature)) >= thresholds["suspiciousAbove"]
    ill = is_malignant(answers.labels)
    return {
        "coverage": float(given.mean()),
        "accuracyOfAnswers": float(right[given].mean()) if given.any() else None,
        "sensitivity": float(flagged[ill].mean()),
        "specificity": float((~flagged[~ill]).mean()),
        "flagged": {c: _share(flagged[answers.labels == k]) for k, c in enumerate(CLASSES)},
    }


def _share(claims):
    return {"n": int(len(claims)), "count": int(claims.sum())}


def figures(answers, temperature, thresholds):
    """Everything we report of one part, with bootstrap intervals over patients."""
    logits, labels, patients = answers.logits, answers.labels, answers.patients
    named = logits.argmax(1)
    matrix = [[int(np.sum((labels == a) & (named == b))) for b in range(len(CLASSES))] for a in range(len(CLASSES))]
    return {
        "n": int(len(labels)),
        "patients": int(len(set(patients))),
        "metrics": _rounded(measure(logits, labels, temperature)),
        "intervals95ByPatient": _rounded(bootstrap(logits, labels, patients, temperature, WITH_INTERVALS)),
        "recall": {c: {"n": int(np.sum(labels == k)), "right": matrix[k][k], "value": _round(r)}
                   for k, (c, r) in enumerate(zip(CLASSES, recalls(named, labels)))},
        "confusion": {"rows": "label", "columns": "answer", "order": list(CLASSES), "counts": matrix},
        "atThresholds": _rounded(at_thresholds(answers, temperature, thresholds)),
    }


def _round(value):
    return None if value is None or np.isnan(value) else round(float(value), 3)


def _rounded(tree):
    if isinstance(tree, dict):
        return {key: _rounded(value) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_rounded(value) for value in tree]
    return _round(tree) if isinstance(tree, float) else tree


def by_skin_type(answers, pictures):
    """Right answers by recorded Fitzpatrick type; 'unknown' where the record has none."""
    right = answers.logits.argmax(1) == answers.labels
    types = np.array([p.fitzpatrick or "unknown" for p in pictures])
    return {t: _share(right[types == t]) for t in sorted(set(types))}


def open_heldout(network, smartphone, temperature, thresholds):
    """Figures of fold 0. Nothing may be chosen by them."""
    pictures = [p for p in smartphone if p.fold == 0]
    answers = answer(network, pictures)
    return {**figures(answers, temperature, thresholds),
            "bySubgroup": {"fitzpatrick": by_skin_type(answers, pictures)}}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", required=True)
    parser.add_argument("--run", required=True, help="run folder of the network to measure")
    parser.add_argument("--validation", action="append", required=True, help="run folder with an inner fold; repeatable")
    parser.add_argument("--out", required=True)
    parser.add_argument("--open-heldout", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(1)
    smartphone, _ = read_index(options.images)
    validation = Answers.pool([validate(run, smartphone) for run in options.validation])
    temperature = round(fit_temperature(validation.logits, validation.labels), 3)
    thresholds = {"abstainBelow": choose_abstention(validation, temperature),
                  "suspiciousAbove": choose_suspicion(validation, temperature)}
    result = {
        "run": json.loads((Path(options.run) / "run.json").read_text()),
        "temperature": temperature, "thresholds": thresholds, "heldOutOpened": options.open_heldout,
        "validationRuns": [json.loads((Path(run) / "run.json").read_text()) for run in options.validation],
        "validation": figures(validation, temperature, thresholds),
    }
    if options.open_heldout:
        result["heldOut"] = open_heldout(load_network(options.run), smartphone, temperature, thresholds)
    Path(options.out).write_text(json.dumps(result, indent=1) + "\n")
    print(json.dumps({k: result[k] for k in ("temperature", "thresholds", "validation", "heldOut") if k in result}))


if __name__ == "__main__":
    main()
