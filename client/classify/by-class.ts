/** From the network's own labels to the classes of the standard (`ai-class`). Pure. */
import { trainedLabels, type ModelManifest } from './manifest.ts';

export interface ByClass {
  /** Probability by class: the sum over the labels that count towards it. */
  scores: { [aiClass: string]: number };
  /** Most likely class. */
  top: string;
  /** Classes that the manifest lists but the network was never trained on: there is no probability, which is not a zero. */
  untrained: string[];
}

/** Adds up the labels' probabilities by class, to four decimals, the rounding error given to the most likely so that the sum stays 1. */
export function byClass(manifest: ModelManifest, labelScores: { readonly [label: string]: number }): ByClass {
  const sums = new Map<string, number>();
  for (const label of trainedLabels(manifest)) sums.set(label.aiClass, (sums.get(label.aiClass) ?? 0) + (labelScores[label.id] ?? 0));
  const ranked = [...sums].sort(([, a], [, b]) => b - a);
  const top = ranked[0]?.[0] ?? '';
  const tenThousandths = new Map(ranked.map(([name, value]) => [name, Math.round(value * 10_000)]));
  const rest = 10_000 - [...tenThousandths.values()].reduce((sum, value) => sum + value, 0);
  tenThousandths.set(top, (tenThousandths.get(top) ?? 0) + rest);
  const untrained = new Set(manifest.labels.filter((label) => !label.trained && !sums.has(label.aiClass)).map((label) => label.aiClass));
  return {
    scores: Object.fromEntries([...tenThousandths].map(([name, value]) => [name, value / 10_000])),
    top,
    untrained: [...untrained],
  };
}
