/** What every page is given. A page asks the API itself, and tells by `crf-go` where it wants to go. */
import type { LitElement } from 'lit';
import type { Me, SetupRequest, Site } from '../../schemas/http/api.ts';
import type { PagePlace } from '../places.ts';
import type { Guard } from '../router.ts';

export interface PageContext {
  me: Me;
  /** The site that is worked at; absent for somebody without one. */
  site: Site | undefined;
  sites: readonly Site[];
  /** Reads anew who the person is and which sites there are, after that was changed. */
  renew: () => Promise<void>;
  setUp: (request: SetupRequest) => Promise<void>;
  /** Asked before the page is left; a form keeps what was typed. */
  guard: (guard: Guard | undefined) => void;
  /** Corrects the address of the page that stays. */
  rename: (path: string) => void;
  /** What the page is about has been read: the heading takes the focus, the window the title. Of a patient it is never more than the study number. */
  arrived: (title?: string) => void;
}

/** An element that is a page; it is made anew for every address. */
export interface PageElement extends LitElement {
  context: PageContext;
  place: PagePlace;
  readonly renderRoot: HTMLElement | DocumentFragment;
}
