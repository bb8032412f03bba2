/** Tells when nobody has touched the page for a while: a screen on a ward is not to be read by whoever passes. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';

const signs = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;
/** How often it looks; a device that slept is seen at once when it wakes. */
const lookMs = 5000;
const sharedKey = 'xf.touched';

export class IdleController implements ReactiveController {
  readonly #after: () => number | undefined;
  readonly #tell: () => void;
  #touchedAt = Date.now();
  #toldAt = 0;
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

  readonly #touched = () => {
    const now = Date.now();
    // Other windows of the same browser share the session: a hand on one of them is a hand on all.
    if (now - this.#toldAt > lookMs) localStorage.setItem(sharedKey, String((this.#toldAt = now)));
    this.#touchedAt = now;
  };

  readonly #look = () => {
    const seconds = this.#after();
    const last = Math.max(this.#touchedAt, Number(localStorage.getItem(sharedKey) ?? 0));
    if (seconds === undefined || Date.now() - last < seconds * 1000) return;
    this.#touchedAt = Date.now();
    this.#tell();
  };
}
