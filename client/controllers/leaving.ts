/** Nobody loses what they typed by leaving a page: they are asked, in the page where we can, by the browser where we cannot. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

export type Leaving = 'go' | 'stay';

export class LeavingController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #isUnsaved: () => boolean;
  #answer: ((leaving: Leaving) => void) | undefined;

  constructor(host: ReactiveControllerHost, isUnsaved: () => boolean) {
    this.#host = host;
    this.#isUnsaved = isUnsaved;
    host.addController(this);
  }

  hostConnected(): void {
    window.addEventListener('beforeunload', this.#unload);
  }

  hostDisconnected(): void {
    window.removeEventListener('beforeunload', this.#unload);
  }

  get isAsking(): boolean {
    return this.#answer !== undefined;
  }

  /** `go` at once when nothing is unsaved. */
  ask(): Promise<Leaving> {
    if (!this.#isUnsaved()) return Promise.resolve('go');
    this.#answer?.('stay');
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.#host.requestUpdate();
    });
  }

  answer(leaving: Leaving): void {
    this.#answer?.(leaving);
    this.#answer = undefined;
    this.#host.requestUpdate();
  }

  readonly #unload = (event: BeforeUnloadEvent) => {
    if (this.#isUnsaved()) event.preventDefault();
  };
}
