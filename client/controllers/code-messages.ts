/** What the page and the worker of the code lists say to each other. `ref` is `icd-10/1.0.0`. */
import type { CodePage } from '../../schemas/code-search.ts';
import type { Code } from '../../schemas/form.ts';

export type ToWorker =
  /** Take the list from this device, and the newer one from the server when there is one. */
  | { kind: 'open'; ref: string }
  | { kind: 'search'; id: number; ref: string; query: string; limit: number }
  | { kind: 'read'; id: number; ref: string; codes: readonly string[] };

export type FromWorker =
  /** `page` or `codes` as was asked; neither while the list is not on this device. */
  | { kind: 'answer'; id: number; page?: CodePage; codes?: Code[] };
