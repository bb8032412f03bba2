/** What the page and the classifier's worker say to each other. */
import type { ModelManifest } from './manifest.ts';
import type { Answer } from './postprocess.ts';
import type { Quality } from './quality.ts';

export type ToWorker =
  /** `folder` is an address on our own origin, ending in a slash. */
  | { kind: 'load'; folder: string }
  /** A live frame, or with `still` the picture that was taken. A live frame that waits is dropped for a newer one; a still is never dropped. */
  | { kind: 'look'; id: number; picture: ImageBitmap; still: boolean };

export type FromWorker =
  | { kind: 'ready'; manifest: ModelManifest; runtime: string }
  /** The model is refused or cannot run; quality is still measured. `reason` names the place, never a picture. */
  | { kind: 'no-model'; reason: string }
  | { kind: 'looked'; id: number; still: boolean; quality: Quality; answer?: Answer; latencyMs: number }
  | { kind: 'dropped'; id: number };
