"""Checks of the training code that need no photograph: `python3 check.py` prints nothing but 'all right'."""
import numpy as np
import torch

from augment import augment, normalise
from data import FOLDS, INPUT_SIZE, STORED_SIZE, assign_folds
from measure import auc, fit_temperature, measure, softmax
from network import SkinNet, TrainingNet, fold_batch_norm


def check_split():
    """A patient lies in one fold; the order of the rows does not matter; folds are about equal."""
    rows = [(f"patient-{i % 90}", ("BCC", "NEV", "SCC")[i % 3]) for i in range(200)]
    folds = assign_folds(rows)
    assert folds == assign_folds(rows[::-1])
    sizes = np.bincount(list(folds.values()), minlength=FOLDS)
    assert sizes.max() - sizes.min() <= 1


def check_network():
    """Folding batch norm changes nothing; logits are the mean of the map; the training net shares the head."""
    torch.manual_seed(1)
    model = TrainingNet(teacher_width=5)
    images = torch.randn(4, 3, INPUT_SIZE, INPUT_SIZE)
    model.train()(images)
    model.eval()
    logits, fmap = model.net(images)
    folded, _ = fold_batch_norm(model.net)(images)
    assert torch.allclose(logits, folded, atol=1e-4)
    assert torch.allclose(logits, fmap.mean((2, 3)), atol=1e-5)
    assert torch.allclose(logits, model(images)[0], atol=1e-4)
    assert isinstance(model.net, SkinNet)


def check_augmentation():
    """Same seed, same pictures; values stay in range."""
    pixels = torch.randint(0, 256, (3, 3, STORED_SIZE, STORED_SIZE), dtype=torch.uint8)
    first, second = (augment(pixels, INPUT_SIZE, torch.Generator().manual_seed(7)) for _ in range(2))
    assert torch.equal(first, second) and first.shape[-1] == INPUT_SIZE
    assert float(first.min()) >= -1 and float(first.max()) <= 1
    assert float(normalise(torch.tensor([255], dtype=torch.uint8))) == 1


def check_measures():
    """Known answers: a perfect order, a coin, and a temperature that is found again."""
    assert auc(np.array([1, 2, 3, 4]), [0, 0, 1, 1]) == 1 and auc(np.ones(4), [0, 0, 1, 1]) == 0.5
    generator = np.random.default_rng(3)
    logits = generator.normal(size=(20000, 6)) * 2
    labels = (softmax(logits, 1.7).cumsum(1) > generator.random((20000, 1))).argmax(1)
    assert abs(fit_temperature(logits, labels) - 1.7) < 0.1
    assert measure(logits, logits.argmax(1))["balancedAccuracy"] == 1


if __name__ == "__main__":
    check_split(), check_network(), check_augmentation(), check_measures()
    print("all right")
