/** Who is signed in, at which sites, and what to do when the session runs out while a page is open. */
import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { Me, SetupRequest, SignInRequest, Site } from '../../schemas/http/api.ts';
import { Problem } from '../../schemas/problem.ts';
import * as api from '../api.ts';
import { onSessionExpired } from '../request.ts';

const siteKey = 'xf.site';

export class SessionController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  /** Waiting requests, answered when the person has signed in again or declined. */
  #waiting: ((renewed: boolean) => void)[] = [];
  state: 'unknown' | 'signed-out' | 'signed-in' | 'failed' = 'unknown';
  error: unknown;
  me: Me | undefined;
  /** Those of the person, and every site for somebody of the whole network. */
  sites: readonly Site[] = [];
  #siteId: string | undefined;
  /** The page is not to be seen until somebody has signed in. */
  isLocked = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostConnected(): void {
    onSessionExpired(() => this.#askAgain());
  }

  hostDisconnected(): void {
    onSessionExpired(undefined);
  }

  /** The session ran out under an open page; ask to sign in above it. */
  get isExpired(): boolean {
    return this.#waiting.length > 0;
  }

  /** The site that is worked at: of the address, else the last one, else the first. */
  get site(): Site | undefined {
    const wanted = this.#siteId ?? localStorage.getItem(siteKey);
    return this.sites.find(({ id }) => id === wanted) ?? this.sites[0];
  }

  chooseSite(siteId: string): void {
    this.#siteId = siteId;
    localStorage.setItem(siteKey, siteId);
    this.#host.requestUpdate();
  }

  async resume(): Promise<void> {
    try {
      await this.#enter(await api.getSession());
    } catch (error) {
      this.error = error;
      this.state = error instanceof Problem && error.key === 'not-signed-in' ? 'signed-out' : 'failed';
    }
    this.#host.requestUpdate();
  }

  async signIn(request: SignInRequest): Promise<void> {
    await this.enter(await api.signIn(request));
  }

  /** Somebody has signed in, by whatever way. */
  async enter(me: Me): Promise<void> {
    const before = this.me?.accountId;
    if (this.isExpired && before !== me.accountId) return location.reload(); // nobody takes over another person's open page
    await this.#enter(me);
    this.#release(true);
  }

  async setUp(request: SetupRequest): Promise<void> {
    await this.#enter(await api.setUp(request));
    this.#host.requestUpdate();
  }

  /** `erase` takes what this device keeps of the person, once the server has let them go. */
  async signOut(erase: () => void): Promise<void> {
    await api.signOut();
    erase();
    location.assign('/'); // a fresh page: nothing of the last person stays in memory
  }

  /** Nobody has touched the page for a while: the session ends, and the page waits behind the question to sign in again. */
  async lock(): Promise<void> {
    if (this.state !== 'signed-in' || this.isLocked) return;
    this.isLocked = true;
    void this.#askAgain();
    await api.signOut().catch(() => undefined); // without a network the screen is locked all the same
  }

  /** Leaves the page as it is; what waited fails with `not-signed-in`. */
  declineRenewal(): void {
    this.#release(false);
  }

  async #enter(me: Me): Promise<void> {
    this.me = me;
    this.isLocked = false;
    this.sites = me.network.length > 0 ? (await api.listSites()).items : me.sites;
    this.state = 'signed-in';
  }

  #askAgain(): Promise<boolean> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#host.requestUpdate();
    });
  }

  #release(renewed: boolean): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve(renewed);
    this.#host.requestUpdate();
  }
}
