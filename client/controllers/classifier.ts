/** The page's side of the classifier: one worker, started when a camera opens and ended with it. */
import type { FromWorker, ToWorker } from '../classify/messages.ts';

export type Looked = Extract<FromWorker, { kind: 'looked' }>;
export type ModelState =
  | { kind: 'loading' }
  | Extract<FromWorker, { kind: 'ready' }>
  | Extract<FromWorker, { kind: 'no-model' }>;

export class Classifier {
  state: ModelState = { kind: 'loading' };
  /** Called for each live frame that was looked at, and when the state changes. */
  onLooked: (looked: Looked) => void = () => {};
  onState: (state: ModelState) => void = () => {};

  readonly #worker: Worker;
  readonly #waiting = new Map<number, (looked: Looked | undefined) => void>();
  #lastId = 0;
  #frameInFlight = false;

  /** `folder` is the model's address on our own origin, ending in a slash. */
  constructor(folder: string) {
    this.#worker = new Worker(new URL('../classify/worker.ts', import.meta.url), { type: 'module' });
    this.#worker.onmessage = ({ data }: MessageEvent<FromWorker>) => this.#hear(data);
    this.#worker.onerror = () => this.#hear({ kind: 'no-model', reason: 'the worker did not start' });
    this.#tell({ kind: 'load', folder });
  }

  /** False while a live frame is still being looked at: then the caller need not make one. */
  get wantsFrame(): boolean {
    return !this.#frameInFlight && this.state.kind !== 'loading';
  }

  /** Hands over a live frame; the answer comes by `onLooked`, or not at all when a newer one overtakes it. */
  lookAtFrame(picture: ImageBitmap): void {
    this.#frameInFlight = true;
    this.#tell({ kind: 'look', id: ++this.#lastId, picture, still: false }, [picture]);
  }

  /** Looks at the picture that was taken; undefined when it could not be looked at. Never longer than ten seconds. */
  lookAtStill(picture: ImageBitmap): Promise<Looked | undefined> {
    const id = ++this.#lastId;
    this.#tell({ kind: 'look', id, picture, still: true }, [picture]);
    return new Promise((resolve) => {
      const settle = (looked: Looked | undefined) => {
        clearTimeout(timer);
        this.#waiting.delete(id);
        resolve(looked);
      };
      const timer = setTimeout(() => settle(undefined), 10_000);
      this.#waiting.set(id, settle);
    });
  }

  end(): void {
    this.#worker.terminate();
    for (const settle of this.#waiting.values()) settle(undefined);
  }

  #tell(message: ToWorker, transfer: Transferable[] = []): void {
    this.#worker.postMessage(message, transfer);
  }

  #hear(message: FromWorker): void {
    switch (message.kind) {
      case 'ready':
      case 'no-model':
        this.state = message;
        this.#frameInFlight = false;
        this.onState(message);
        break;
      case 'looked':
        if (!message.still) this.#frameInFlight = false;
        this.#waiting.get(message.id)?.(message);
        if (!message.still) this.onLooked(message);
        break;
      case 'dropped':
        this.#frameInFlight = false;
        this.#waiting.get(message.id)?.(undefined);
    }
  }
}
