/** Tells when nobody has touched the page for a while: a screen on a ward is not to be read by whoever passes. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

const signs = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;
/** How often it looks; a device that slept is seen at once when it wakes. */
const lookMs = 5000;

export class IdleController implements ReactiveController {
  readonly #after: () => number | undefined;
  readonly #tell: () => void;
  #touchedAt = Date.now();
  #timer: ReturnType<typeof setInterval> | undefined;

  /** `after` is in seconds, or undefined while nobody is to be locked out. */
  constructor(host: ReactiveControllerHost, after: () => number | undefined, tell: () => void) {
    this.#after = after;
    this.#tell = tell;
    host.addController(this);
  }

  hostConnected(): void {
    for (const sign of signs) addEventListener(sign, this.#touched, { capture: true, passive: true });
    document.addEventListener('visibilitychange', this.#look);
    this.#timer = setInterval(this.#look, lookMs);
  }

  hostDisconnected(): void {
    for (const sign of signs) removeEventListener(sign, this.#touched, { capture: true });
    document.removeEventListener('visibilitychange', this.#look);
    clearInterval(this.#timer);
  }

  readonly #touched = () => void (this.#touchedAt = Date.now());

  readonly #look = () => {
    const seconds = this.#after();
    if (seconds === undefined || Date.now() - this.#touchedAt < seconds * 1000) return;
    this.#touchedAt = Date.now();
    this.#tell();
  };
}
