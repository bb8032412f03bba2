/** The network's numbers to a ranked answer or an abstention. Pure. */
import { trainedLabels, type ModelManifest } from './manifest.ts';

/** Why no suggestion is made. `unsure`: no class is likely enough; `disagreement`: the places of the picture name another class than the whole; `quality`: the picture is not fit. */
export type Abstention = 'unsure' | 'disagreement' | 'quality';

export interface Answer {
  /** Calibrated probability by label id. */
  scores: { [label: string]: number };
  /** Label ids, most likely first. */
  ranked: string[];
  /** Sum of calibrated probability over the label ids of the groups `malignant`. */
  malignant: number;
  /** Share of the places of the picture won by each label, 0..1 (count), and the same weighted by how sure each place is (area), as in Skin-Net. */
  topCount: { [label: string]: number };
  topArea: { [label: string]: number };
  abstained?: Abstention;
}

/**
 * Decides by the whole picture; the votes of its places only speak against it.
 * `logits` [n labels]; `places` [n labels, h, w] flattened; `qualityPassed` of the same picture.
 */
export function decide(manifest: ModelManifest, logits: Float32Array, places: Float32Array, qualityPassed: boolean): Answer {
  const labels = trainedLabels(manifest);
  const probabilities = softmax(logits, manifest.calibration.temperature);
  const order = labels.map((_, i) => i).sort((a, b) => probabilities[b]! - probabilities[a]!);
  const votes = countVotes(places, labels.length, manifest.calibration.temperature);
  const named = (values: ArrayLike<number>) => Object.fromEntries(labels.map((label, i) => [label.id, values[i]!]));
  const malignant = labels.reduce((sum, label, i) => sum + (label.group === 'malignant' ? probabilities[i]! : 0), 0);
  const first = order[0]!;
  const abstained = abstention(manifest, probabilities[first]!, first === argmax(votes.area), qualityPassed);
  return {
    scores: named(probabilities),
    ranked: order.map((i) => labels[i]!.id),
    malignant,
    topCount: named(votes.count),
    topArea: named(votes.area),
    ...(abstained ? { abstained } : {}),
  };
}

function abstention(manifest: ModelManifest, best: number, agrees: boolean, qualityPassed: boolean): Abstention | undefined {
  if (!qualityPassed) return 'quality';
  if (best < manifest.thresholds.abstainBelow) return 'unsure';
  return agrees ? undefined : 'disagreement';
}

/** Probabilities of `logits / temperature`, in doubles; safe for large logits. */
export function softmax(logits: ArrayLike<number>, temperature: number): number[] {
  const scaled = Array.from(logits, (value) => value / temperature);
  const highest = Math.max(...scaled);
  const exponents = scaled.map((value) => Math.exp(value - highest));
  const total = exponents.reduce((sum, value) => sum + value, 0);
  return exponents.map((value) => value / total);
}

function countVotes(places: Float32Array, labels: number, temperature: number) {
  const cells = places.length / labels;
  const count = new Array<number>(labels).fill(0);
  const area = new Array<number>(labels).fill(0);
  for (let cell = 0; cell < cells; cell++) {
    const here = softmax(Array.from({ length: labels }, (_, i) => places[i * cells + cell]!), temperature);
    const winner = argmax(here);
    count[winner]! += 1 / cells;
    area[winner]! += here[winner]! / cells;
  }
  return { count, area };
}

function argmax(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value > values[best]! ? i : best), 0);
}
