/** What a capture gives back, and how it becomes answers. Which item takes which fact is written in the standard. Pure. */
import type { Capture, Form, Value } from '../../schemas/form.ts';
import type { Change, ClassificationOrigin } from '../../schemas/http/api.ts';
import type { ByClass } from '../classify/by-class.ts';
import type { ModelManifest } from '../classify/manifest.ts';
import type { Answer } from '../classify/postprocess.ts';
import type { Quality } from '../classify/quality.ts';

/** One run of the classifier on the picture that was kept, and what the person made of it. Times are with offset. */
export interface ClassifierRun {
  manifest: Pick<ModelManifest, 'name' | 'version' | 'sha256' | 'status' | 'thresholds'>;
  runtime: string;
  answer: Answer;
  byClass: ByClass;
  latencyMs: number;
  runAt: string;
  /** When the suggestion was first on screen; absent when it never was. */
  shownAt?: string;
  /** True when it was on screen before the person had chosen. */
  shownBeforeDecision: boolean;
  /** Code of `ai-class` that the person chose. */
  impression: string;
  overrideReason?: string;
  decidedAt: string;
}

export interface CaptureResult {
  blob: Blob;
  width: number;
  height: number;
  sha256: string;
  capturedAt: string;
  cameraModel?: string;
  quality?: Quality;
  run?: ClassifierRun;
}

type Facts = { [fact: string]: Value | undefined };

/** Facts of the stored picture; `format` is a code of `image-format`. `metadataRemoved` holds because the server strips it. */
export function pictureFacts(result: CaptureResult, image: { id: string; sha256: string; mediaType: string; width: number; height: number; bytes: number }): Facts {
  const failed = result.quality?.failed;
  return {
    imageId: image.id,
    width: image.width,
    height: image.height,
    bytes: image.bytes,
    format: FORMATS[image.mediaType],
    sha256: image.sha256,
    capturedAt: result.capturedAt,
    cameraModel: result.cameraModel,
    focusAdequate: failed && !failed.includes('focus'),
    exposureAdequate: failed && !failed.some((sign) => sign !== 'focus'),
    metadataRemoved: true,
  };
}

/** A manifest's `status` as a code of `ai-approval`. */
const APPROVALS: { [status: string]: string } = {
  research: 'research-only', 'internal-validated': 'internal-validated', 'nmpa-registered': 'nmpa-registered',
};

const FORMATS: { [mediaType: string]: string } = { 'image/jpeg': 'jpg', 'image/png': 'png', 'image/tiff': 'tif', 'image/heic': 'heic' };

/** Facts of a run for the sub-dataset that records it; `score:<class>` is absent for a class the model was not trained on. */
export function runFacts(run: ClassifierRun, image: { id: string; sha256: string }, lesionId: string | undefined, qualityPassed: boolean): Facts {
  const scores = Object.fromEntries(Object.entries(run.byClass.scores).map(([name, value]) => [`score:${name}`, value]));
  return {
    ...scores,
    image: image.id,
    lesion: lesionId,
    modelName: run.manifest.name,
    modelVersion: run.manifest.version,
    modelApproval: APPROVALS[run.manifest.status] ?? 'unknown',
    runAt: run.runAt,
    inputSha256: image.sha256,
    topClass: run.answer.abstained ? 'unable' : run.byClass.top,
    threshold: run.manifest.thresholds.suspiciousAbove,
    qualityGate: qualityPassed ? 'pass' : 'fail',
    shownBeforeDecision: run.shownBeforeDecision,
    impression: run.impression,
    overrideReason: run.overrideReason,
  };
}

/** The changes that write `facts` into the items named by `fills`; only items of the form that are still unanswered. */
export function fillChanges(form: Form, fills: { readonly [fact: string]: string }, facts: Facts, isAnswered: (key: string) => boolean): Change[] {
  const changes: Change[] = [];
  for (const [fact, key] of Object.entries(fills)) {
    const item = form.items.find((entry) => entry.path === key);
    const value = facts[fact];
    if (!item || value === undefined || isAnswered(key)) continue;
    if (typeof value === 'string' && item.maxLength !== undefined && value.length > item.maxLength) continue;
    changes.push({ pointer: `/${key}`, value });
  }
  return changes;
}

/** The changes of a classification record: what is known, and for a class the model does not know the reason why it is absent. */
export function classificationChanges(form: Form, capture: Capture, run: ClassifierRun, facts: Facts): Change[] {
  const fills = capture.classification?.fills ?? {};
  const untrained = run.byClass.untrained.flatMap((name) => {
    const key = fills[`score:${name}`];
    return key && form.items.some((item) => item.path === key) ? [{ pointer: `/${key}`, missing: 'not-applicable' }] : [];
  });
  return [...fillChanges(form, fills, facts, () => false), ...untrained];
}

/** How the classification record was made, kept with its version. */
export function classificationOrigin(run: ClassifierRun, inputSha256: string, quality: Quality): ClassificationOrigin {
  const { failed: _, ...reading } = quality;
  return {
    kind: 'classification',
    model: { name: run.manifest.name, version: run.manifest.version, sha256: run.manifest.sha256 },
    runtime: run.runtime,
    inputSha256,
    scores: run.answer.scores,
    ranked: run.answer.abstained ? [] : run.answer.ranked,
    ...(run.answer.abstained ? { abstained: run.answer.abstained } : {}),
    thresholds: { ...run.manifest.thresholds },
    quality: reading,
    latencyMs: Math.round(run.latencyMs),
    ...(run.shownAt ? { shownAt: run.shownAt } : {}),
    decision: decisionOf(run),
    decidedAt: run.decidedAt,
  };
}

function decisionOf(run: ClassifierRun): ClassificationOrigin['decision'] {
  if (!run.shownAt || run.answer.abstained) return 'ignored';
  return run.impression === run.byClass.top ? 'accepted' : 'overridden';
}
