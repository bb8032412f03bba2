/**
 * Which page is shown, by the address. Addresses hold ids and nothing else of a patient. A page is left only when the
 * guard agrees, so that a form can first keep what was typed.
 */

export interface Place<Name extends string = string> {
  name: Name;
  /** The named parts of the path. */
  params: { readonly [name: string]: string };
  query: URLSearchParams;
  /** Come back to by the browser's buttons: the page may be as it was left. */
  isReturn?: boolean;
}

/** Paths by name, `:part` for what varies: `{ patient: '/sites/:siteId/patients/:subjectId' }`. */
export type Paths<Name extends string> = { readonly [name in Name]: string };

/** The first path that fits; undefined when none does. */
export function matchPath<Name extends string>(paths: Paths<Name>, address: URL): Place<Name> | undefined {
  const parts = partsOf(address.pathname);
  for (const name of Object.keys(paths) as Name[]) {
    const params = matchParts(partsOf(paths[name]), parts);
    if (params) return { name, params, query: address.searchParams };
  }
  return undefined;
}

/** The address of a page, for links. */
export function pathTo<Name extends string>(paths: Paths<Name>, name: Name, params: { readonly [part: string]: string } = {}): string {
  return paths[name].replace(/:(\w+)/g, (_, part: string) => encodeURIComponent(params[part] ?? ''));
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

function matchParts(pattern: string[], parts: string[]): { [name: string]: string } | undefined {
  if (pattern.length !== parts.length) return undefined;
  const params: { [name: string]: string } = {};
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index] ?? '';
    if (expected.startsWith(':')) {
      try {
        params[expected.slice(1)] = decodeURIComponent(part);
      } catch {
        return undefined; // a broken % sequence is no address of ours
      }
    } else if (expected !== part) return undefined;
  }
  return params;
}

/** Asked before the page is left; false keeps it. */
export type Guard = () => boolean | Promise<boolean>;

export class Router<Name extends string> {
  readonly #paths: Paths<Name>;
  readonly #show: (place: Place<Name> | undefined) => void;
  /** Where we are in the history, to step back to when the guard refuses the browser's own buttons. */
  #index = 0;
  #shown = '';
  #guard: Guard | undefined;
  readonly #listening = new AbortController();

  constructor(paths: Paths<Name>, show: (place: Place<Name> | undefined) => void) {
    this.#paths = paths;
    this.#show = show;
  }

  /** Follows links and the browser's buttons from now on, and shows the present address. */
  start(): void {
    const state = history.state as { index?: number } | null;
    this.#index = state?.index ?? 0;
    history.replaceState({ index: this.#index }, '');
    history.scrollRestoration = 'manual'; // pages come after their data, and find their place themselves
    const { signal } = this.#listening;
    window.addEventListener('popstate', (event) => void this.#returnTo(event.state as { index?: number } | null), { signal });
    document.addEventListener('click', (event) => this.#follow(event), { signal });
    this.#announce();
  }

  stop(): void {
    this.#listening.abort();
  }

  /** Set by the page that is shown; gone when another page is. */
  guard(guard: Guard | undefined): void {
    this.#guard = guard;
  }

  async go(path: string, { replace = false } = {}): Promise<void> {
    if (path === this.#shown) return;
    if (!(await this.mayLeave())) return;
    if (replace) history.replaceState({ index: this.#index }, '', path);
    else history.pushState({ index: ++this.#index }, '', path);
    this.#announce();
  }

  /** Corrects the address of the page that stays. */
  rename(path: string): void {
    history.replaceState({ index: this.#index }, '', path);
    this.#shown = path;
  }

  /** Asks the page that is shown; true when there is nothing to ask. */
  async mayLeave(): Promise<boolean> {
    return this.#guard === undefined || (await this.#guard());
  }

  async #returnTo(state: { index?: number } | null): Promise<void> {
    const index = state?.index ?? 0;
    if (location.pathname + location.search === this.#shown) return; // we put this one back ourselves, or only the fragment changed
    const wanted = this.#index - index;
    if (this.#guard && wanted !== 0) {
      await this.#step(wanted); // stay while the person is asked
      if (!(await this.mayLeave())) return;
      this.#guard = undefined;
      history.go(-wanted);
      return;
    }
    this.#index = index;
    this.#announce(true);
  }

  /** Moves in the history, and resolves when the browser has. */
  #step(by: number): Promise<void> {
    return new Promise((resolve) => {
      window.addEventListener('popstate', () => resolve(), { once: true });
      history.go(by);
    });
  }

  #announce(isReturn = false): void {
    this.#guard = undefined;
    this.#shown = location.pathname + location.search;
    const place = matchPath(this.#paths, new URL(location.href));
    this.#show(place && (isReturn ? { ...place, isReturn } : place));
  }

  #follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin || link.pathname.startsWith('/api/')) return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    void this.go(link.pathname + link.search);
  }
}
