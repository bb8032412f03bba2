"""Train Skin-Net from scratch on smartphone close-ups, with dermoscopy pictures as a second task.

    train.py --images <skin-images> --run <run-folder> --fold 1        train on folds 2, 3, 4; validate on 1
    train.py --images <skin-images> --run <run-folder> --fold none     train on folds 1, 2, 3, 4

Fold 0 is the held-out part and is never read here. Writes `weights.pt` and `run.json`.
"""
import argparse
import copy
import json
import random
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

from augment import augment, normalise
from data import CLASSES, DERMOSCOPY_CLASSES, FOLDS, INPUT_SIZE, STORED_SIZE, load_all, read_index
from measure import measure
from network import TrainingNet, count_weights

SMARTPHONE_BATCH = 20  # pictures
DERMOSCOPY_BATCH = 12  # pictures
PEAK_RATE = 3e-3
WEIGHT_DECAY = 0.05
AVERAGE_DECAY = 0.995  # of the running average of the weights, a step
LABEL_SMOOTHING = 0.05
MIXUP = 0.2  # parameter of the beta distribution
DERMOSCOPY_LOSS = 0.5
IMITATION_LOSS = 3.0
SOFT_LABEL_LOSS = 1.0


def seed_all(seed):
    random.seed(seed)
    np.random.seed(seed)
    torch.manual_seed(seed)
    return torch.Generator().manual_seed(seed)


class Sampler:
    """Draws pictures with replacement, class c with weight count(c) ** (power - 1); power 0 is balanced."""

    def __init__(self, labels, power, generator):
        counts = np.bincount(labels).astype(np.float64)
        self.weights = torch.as_tensor(counts[labels] ** (power - 1))
        self.generator = generator
        prior = counts ** power
        self.log_prior = torch.as_tensor(np.log(prior / prior.sum()), dtype=torch.float32)

    def draw(self, count):
        return torch.multinomial(self.weights, count, replacement=True, generator=self.generator)


def mix(images, generator):
    """Return (mixed images, order, share): picture i becomes share * i + (1 - share) * order[i]."""
    order = torch.randperm(len(images), generator=generator)
    share = float(np.random.beta(MIXUP, MIXUP))
    share = max(share, 1 - share)
    return share * images + (1 - share) * images[order], order, share


def step_loss(model, batch, sampler, generator, options):
    """Loss of one mixed batch: six classes + dermoscopy classes + (with a teacher) imitation."""
    images, labels, other_images, other_labels, teacher = batch
    mixed, order, share = mix(images, generator)
    n = len(images)
    together = torch.cat([mixed, other_images]).contiguous(memory_format=torch.channels_last)
    with torch.autocast("cpu", torch.bfloat16, enabled=options.bfloat16):
        logits, other_logits, imitation = model(together)
    logits, other_logits = logits.float(), other_logits.float()
    adjusted = logits[:n] + sampler.log_prior  # leaves logits that suppose equally frequent classes
    loss = sum(
        part * F.cross_entropy(adjusted, target, label_smoothing=LABEL_SMOOTHING)
        for part, target in ((share, labels), (1 - share, labels[order])))
    loss = loss + DERMOSCOPY_LOSS * F.cross_entropy(other_logits[n:], other_labels)
    if teacher is None:
        return loss
    features, soft, other_features = teacher
    wanted = torch.cat([share * features + (1 - share) * features[order], other_features])
    loss = loss + options.imitation * F.smooth_l1_loss(imitation.float(), wanted)
    wanted_soft = share * soft + (1 - share) * soft[order]
    return loss + options.soft * -(wanted_soft * F.log_softmax(logits[:n], 1)).sum(1).mean()


@torch.no_grad()
def update_average(average, model, decay):
    """Move the running average towards the model; batch norm statistics are copied."""
    for kept, new in zip(average.parameters(), model.parameters()):
        kept.lerp_(new, 1 - decay)
    for kept, new in zip(average.buffers(), model.buffers()):
        kept.copy_(new)


@torch.no_grad()
def predict(network, pixels, batch=64):
    """uint8 [n, 3, 128, 128] -> logits float32 [n, 6], one view, no flips."""
    network.eval()
    parts = [network(normalise(torch.as_tensor(pixels[i:i + batch])))[0] for i in range(0, len(pixels), batch)]
    return torch.cat(parts).numpy()


def train(options):
    generator = seed_all(options.seed)
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    smartphone, dermoscopy = read_index(options.images)
    fold = None if options.fold == "none" else int(options.fold)
    if fold is not None and not 1 <= fold < FOLDS:
        raise ValueError("fold 0 is held out; choose 1 to 4, or none")
    chosen = [p for p in smartphone if p.fold not in (0, fold)]
    checked = [p for p in smartphone if p.fold == fold]
    pixels, labels = (torch.as_tensor(x) for x in load_all(chosen, STORED_SIZE))
    other_pixels, other_labels = (torch.as_tensor(x) for x in load_all(dermoscopy, STORED_SIZE))
    check_pixels, check_labels = load_all(checked, INPUT_SIZE) if checked else (None, None)
    teacher = load_teacher(options.teacher, chosen, dermoscopy) if options.teacher else None
    model = TrainingNet(len(DERMOSCOPY_CLASSES), teacher[0].shape[1] if teacher else 0)
    model = model.to(memory_format=torch.channels_last)  # a third faster on a processor
    average = copy.deepcopy(model)
    sampler = Sampler(labels.numpy(), 0.5, generator)
    other_sampler = Sampler(other_labels.numpy(), 0.3, generator)
    steps = options.epochs * (len(chosen) // SMARTPHONE_BATCH)
    optimiser, schedule = make_optimiser(model, steps, options.rate)
    print(f"{count_weights(model.net)} weights, {len(chosen)} + {len(dermoscopy)} pictures, {steps} steps", flush=True)
    began, history, running = time.time(), [], 0.0
    for step in range(1, steps + 1):
        model.train()
        i, j = sampler.draw(SMARTPHONE_BATCH), other_sampler.draw(DERMOSCOPY_BATCH)
        given = (teacher[0][i], teacher[1][i], teacher[2][j]) if teacher else None
        batch = (augment(pixels[i], INPUT_SIZE, generator), labels[i],
                 augment(other_pixels[j], INPUT_SIZE, generator), other_labels[j], given)
        loss = step_loss(model, batch, sampler, generator, options)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimiser.step()
        schedule.step()
        update_average(average, model, min(AVERAGE_DECAY, step / (step + 20)))
        running += (float(loss) - running) / min(step, 100)
        if step % max(1, steps // 10) == 0:
            history.append(report(average.net, step, running, began, check_pixels, check_labels))
    return save(options, average.net, chosen, history, began)


def make_optimiser(model, steps, rate):
    """AdamW with one cycle; no decay on biases and batch norm."""
    plain = [p for p in model.parameters() if p.ndim <= 1]
    decayed = [p for p in model.parameters() if p.ndim > 1]
    groups = [{"params": decayed, "weight_decay": WEIGHT_DECAY}, {"params": plain, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=rate)
    return optimiser, torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps, pct_start=0.15)


def load_teacher(file, chosen, dermoscopy):
    """Read what `teach.py` wrote: (features [n, t], soft labels [n, 6], features of dermoscopy [m, t])."""
    stored = np.load(file)
    place = {name: row for row, name in enumerate(stored["names"].tolist())}
    rows = [place[p.path.name] for p in chosen]
    other_rows = [place[p.path.name] for p in dermoscopy]
    return (torch.as_tensor(stored["features"][rows]), torch.as_tensor(stored["soft"][rows]),
            torch.as_tensor(stored["features"][other_rows]))


def report(network, step, loss, began, pixels, labels):
    line = {"step": step, "trainingLoss": round(loss, 3), "seconds": round(time.time() - began)}
    if pixels is not None:
        scores = measure(predict(network, pixels), labels)
        line.update({key: round(scores[key], 3) for key in ("balancedAccuracy", "macroAuc", "malignantAuc", "loss")})
    print(json.dumps(line), flush=True)
    return line


def save(options, network, chosen, history, began):
    run = Path(options.run)
    run.mkdir(parents=True, exist_ok=True)
    torch.save(network.state_dict(), run / "weights.pt")
    facts = {
        "fold": options.fold, "epochs": options.epochs, "seed": options.seed, "taught": bool(options.teacher),
        "bfloat16": options.bfloat16,
        "minutes": round((time.time() - began) / 60, 1), "history": history,
        "counts": {c: sum(p.label == k for p in chosen) for k, c in enumerate(CLASSES)},
        "patients": len({p.patient for p in chosen}),
    }
    (run / "run.json").write_text(json.dumps(facts, indent=1) + "\n")
    return facts


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", required=True, help="folder with labels.csv and the pictures")
    parser.add_argument("--run", required=True, help="folder to write to")
    parser.add_argument("--fold", default="1", help="fold to validate on (1 to 4), or none")
    parser.add_argument("--epochs", type=int, default=80)
    parser.add_argument("--rate", type=float, default=PEAK_RATE)
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--bfloat16", action="store_true", help="faster arithmetic where the processor has it")
    parser.add_argument("--teacher", help="file written by teach.py (optional)")
    parser.add_argument("--imitation", type=float, default=IMITATION_LOSS)
    parser.add_argument("--soft", type=float, default=SOFT_LABEL_LOSS)
    train(parser.parse_args())


if __name__ == "__main__":
    main()
