/** Draws its host anew when the language of the page changes. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

export class LanguageController implements ReactiveController {
  readonly #observer: MutationObserver;

  constructor(host: ReactiveControllerHost) {
    this.#observer = new MutationObserver(() => host.requestUpdate());
    host.addController(this);
  }

  hostConnected(): void {
    this.#observer.observe(document.documentElement, { attributeFilter: ['lang'] });
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
  }
}
