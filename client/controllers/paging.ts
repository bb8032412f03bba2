/** A list that is read page by page by key, further ones when the person asks. */
import type { ReactiveControllerHost } from 'lit';
import type { Page } from '../../schemas/http/api.ts';
import { LoadingController } from './loading.ts';

interface Pages<T> {
  items: T[];
  next?: string | undefined;
}

export class PagingController<T> {
  readonly #loading: LoadingController<Pages<T>>;
  #isMore = false;

  constructor(host: ReactiveControllerHost, ask: (after: string | undefined, signal: AbortSignal) => Promise<Page<T>>) {
    this.#loading = new LoadingController(host, async (signal) => {
      const before = this.#isMore ? this.#loading.value : undefined;
      const page = await ask(before?.next, signal);
      return { items: [...(before?.items ?? []), ...page.items], next: page.next };
    });
  }

  /** From the beginning. */
  start(): Promise<void> {
    this.#isMore = false;
    return this.#loading.load();
  }

  /** The next page; nothing when there is none, or one is coming. */
  async more(): Promise<void> {
    if (!this.hasMore || this.isLoading) return;
    this.#isMore = true;
    await this.#loading.load();
  }

  /** Tries again what failed. */
  retry(): Promise<void> {
    return this.#loading.load();
  }

  /** Undefined until the first page is here. */
  get items(): readonly T[] | undefined {
    return this.#loading.value?.items;
  }

  get hasMore(): boolean {
    return this.#loading.value?.next !== undefined;
  }

  get isLoading(): boolean {
    return this.#loading.isLoading;
  }

  get isSlow(): boolean {
    return this.#loading.isSlow;
  }

  get error(): unknown {
    return this.#loading.error;
  }
}
