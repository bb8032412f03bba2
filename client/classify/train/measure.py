"""Figures of merit, from logits [n, 6] and labels [n]; plain numpy, no state."""
import numpy as np

from data import CLASSES, MALIGNANT

_MALIGNANT_PLACES = [CLASSES.index(name) for name in MALIGNANT]


def softmax(logits, temperature=1.0):
    scaled = logits / temperature
    scaled = scaled - scaled.max(1, keepdims=True)
    powers = np.exp(scaled)
    return powers / powers.sum(1, keepdims=True)


def auc(scores, positive):
    """Area under the ROC curve by ranks, ties shared; NaN when one side is empty."""
    positive = np.asarray(positive, bool)
    n, m = positive.sum(), (~positive).sum()
    if n == 0 or m == 0:
        return float("nan")
    values, places, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    return float((ranks[positive].sum() - n * (n + 1) / 2) / (n * m))


def malignant_score(probabilities):
    """Summed probability of BCC, SCC and MEL: [n, 6] -> [n]."""
    return probabilities[:, _MALIGNANT_PLACES].sum(1)


def area_votes(fmap, temperature):
    """Sum of the winners' probabilities over places, as the client counts it: [n, 6, h, w] -> [n, 6]."""
    n, classes = fmap.shape[:2]
    p = softmax(fmap.reshape(n, classes, -1).transpose(0, 2, 1).reshape(-1, classes), temperature)
    won = np.where(np.arange(classes) == p.argmax(1)[:, None], p, 0)
    return won.reshape(n, -1, classes).mean(1)


def is_malignant(labels):
    return np.isin(labels, _MALIGNANT_PLACES)


def recalls(answers, labels):
    """Recall of each class [6]; NaN for a class without pictures."""
    return np.array([np.mean(answers[labels == k] == k) if np.any(labels == k) else np.nan
                     for k in range(len(CLASSES))])


def expected_calibration_error(probabilities, labels, bins=10):
    confidence, right = probabilities.max(1), probabilities.argmax(1) == labels
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs(confidence[place == b].mean() - right[place == b].mean()) * np.mean(place == b)
            for b in range(bins) if np.any(place == b)]
    return float(sum(gaps))


def accuracy_at(probabilities, labels, coverage):
    """Accuracy among the most confident share of the pictures."""
    order = np.argsort(-probabilities.max(1), kind="stable")[:max(1, round(coverage * len(labels)))]
    return float(np.mean(probabilities[order].argmax(1) == labels[order]))


def measure(logits, labels, temperature=1.0):
    """All figures as one flat dictionary of floats."""
    p = softmax(logits, temperature)
    answers = p.argmax(1)
    top2 = np.argsort(-p, 1)[:, :2]
    merged = lambda k: np.where(k == CLASSES.index("SCC"), CLASSES.index("BCC"), k)
    merged_p = p.copy()
    merged_p[:, CLASSES.index("BCC")] += merged_p[:, CLASSES.index("SCC")]
    merged_p[:, CLASSES.index("SCC")] = 0
    return {
        "accuracy": float(np.mean(answers == labels)),
        "balancedAccuracy": float(np.nanmean(recalls(answers, labels))),
        "balancedAccuracyMerged5": float(np.nanmean(recalls(merged_p.argmax(1), merged(labels)))),
        "macroAuc": float(np.nanmean([auc(p[:, k], labels == k) for k in range(len(CLASSES))])),
        "malignantAuc": auc(malignant_score(p), is_malignant(labels)),
        "top2": float(np.mean((top2 == labels[:, None]).any(1))),
        "ece": expected_calibration_error(p, labels),
        "loss": float(-np.mean(np.log(p[np.arange(len(labels)), labels] + 1e-12))),
        "accuracyAt25": accuracy_at(p, labels, 0.25),
        "accuracyAt50": accuracy_at(p, labels, 0.50),
        "accuracyAt75": accuracy_at(p, labels, 0.75),
    }


def fit_temperature(logits, labels):
    """The temperature in 0.3..5 with the smallest log loss, by a fine search."""
    candidates = np.exp(np.linspace(np.log(0.3), np.log(5), 400))
    losses = [-np.mean(np.log(softmax(logits, t)[np.arange(len(labels)), labels] + 1e-12)) for t in candidates]
    return float(candidates[int(np.argmin(losses))])


def bootstrap(logits, labels, patients, temperature, keys, rounds=2000, seed=1):
    """95 % intervals of the named figures, drawing patients with replacement: {key: [low, high]}."""
    generator = np.random.default_rng(seed)
    names = np.unique(patients)
    rows = {name: np.flatnonzero(patients == name) for name in names}
    drawn = {key: [] for key in keys}
    for _ in range(rounds):
        chosen = np.concatenate([rows[name] for name in generator.choice(names, len(names))])
        scores = measure(logits[chosen], labels[chosen], temperature)
        for key in keys:
            drawn[key].append(scores[key])
    return {key: [float(x) for x in np.nanpercentile(values, [2.5, 97.5])] for key, values in drawn.items()}
