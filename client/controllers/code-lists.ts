/** The page's side of the code lists: the worker answers when this device has the list, else the server does. */
import type { CodePage } from '../../schemas/code-search.ts';
import type { Code } from '../../schemas/form.ts';
import { readCodes, searchCodes } from '../api.ts';
import type { FromWorker, ToWorker } from './code-messages.ts';

export class CodeLists {
  #worker: Worker | undefined;
  readonly #waiting = new Map<number, (answer: FromWorker | undefined) => void>();
  #lastId = 0;
  #isBroken = false;

  prepare(ref: string): void {
    this.#tell({ kind: 'open', ref });
  }

  /** @throws Problem | ConnectionError when neither this device nor the server knows */
  async search(ref: string, query: string, limit: number): Promise<CodePage> {
    const answer = await this.#ask((id) => ({ kind: 'search', id, ref, query, limit }));
    return answer?.page ?? searchCodes(ref, query, limit);
  }

  /** @throws Problem | ConnectionError */
  async read(ref: string, codes: readonly string[]): Promise<readonly Code[]> {
    const answer = await this.#ask((id) => ({ kind: 'read', id, ref, codes }));
    return answer?.codes ?? (await readCodes(ref, codes)).items;
  }

  #ask(message: (id: number) => ToWorker): Promise<FromWorker | undefined> {
    if (this.#isBroken) return Promise.resolve(undefined);
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#tell(message(id));
    });
  }

  #settle(id: number, answer: FromWorker | undefined): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }

  #tell(message: ToWorker): void {
    if (!this.#isBroken) (this.#worker ??= this.#start()).postMessage(message);
  }

  /** Not before a form has an open set. */
  #start(): Worker {
    const worker = new Worker(new URL('./code-worker.ts', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#settle(data.id, data);
    worker.onerror = () => {
      this.#isBroken = true;
      for (const id of [...this.#waiting.keys()]) this.#settle(id, undefined);
    };
    return worker;
  }
}

let shared: CodeLists | undefined;

/** One for the page, made when the first form is drawn. */
export const codeLists = (): CodeLists => (shared ??= new CodeLists());
