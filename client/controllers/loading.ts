/** What a page has asked for: still coming, here, or why not. A newer question drops the older one's answer. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Milliseconds of waiting before a page says that it waits. */
const calm = 200;

export class LoadingController<T> implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #ask: (signal: AbortSignal) => Promise<T>;
  #running: AbortController | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  value: T | undefined;
  error: unknown;
  isLoading = false;
  /** Waiting for long enough to be worth showing. */
  isSlow = false;

  constructor(host: ReactiveControllerHost, ask: (signal: AbortSignal) => Promise<T>) {
    this.#host = host;
    this.#ask = ask;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#running?.abort();
    clearTimeout(this.#timer);
  }

  /** Asks (again). The last value stays until the new one is here. */
  async load(): Promise<void> {
    this.#running?.abort();
    clearTimeout(this.#timer);
    const running = (this.#running = new AbortController());
    this.#timer = setTimeout(() => this.#set(running, { isSlow: true }), calm);
    this.#set(running, { isLoading: true, error: undefined });
    try {
      this.#set(running, { value: await this.#ask(running.signal), isLoading: false, isSlow: false });
    } catch (error) {
      this.#set(running, { error, isLoading: false, isSlow: false });
    } finally {
      if (running === this.#running) clearTimeout(this.#timer);
    }
  }

  #set(running: AbortController, changes: Partial<Pick<LoadingController<T>, 'value' | 'error' | 'isLoading' | 'isSlow'>>): void {
    if (running !== this.#running || running.signal.aborted) return;
    Object.assign(this, changes);
    this.#host.requestUpdate();
  }
}
