/** What the frame asks of the application around it. They bubble and cross shadow roots, like the events of the form. */
import type { Preferences } from '../../preferences.ts';

const upwards = { bubbles: true, composed: true };

/** Another site is to be worked at. */
export class CrfSiteEvent extends Event {
  static readonly type = 'crf-site';
  readonly siteId: string;

  constructor(siteId: string) {
    super(CrfSiteEvent.type, upwards);
    this.siteId = siteId;
  }
}

/** The person wants the page otherwise: language, appearance, density. */
export class CrfPreferencesEvent extends Event {
  static readonly type = 'crf-preferences';
  readonly changes: Partial<Preferences>;

  constructor(changes: Partial<Preferences>) {
    super(CrfPreferencesEvent.type, upwards);
    this.changes = changes;
  }
}

/** Something of the whole application is wanted: to find, to see the keys, to sign out. */
export class CrfCommandEvent extends Event {
  static readonly type = 'crf-command';
  readonly command: 'find' | 'keys' | 'sign-out';

  constructor(command: CrfCommandEvent['command']) {
    super(CrfCommandEvent.type, upwards);
    this.command = command;
  }
}

/** Another page is wanted, after something was done on this one. */
export class CrfGoEvent extends Event {
  static readonly type = 'crf-go';
  readonly path: string;
  readonly replace: boolean;

  constructor(path: string, { replace = false } = {}) {
    super(CrfGoEvent.type, upwards);
    this.path = path;
    this.replace = replace;
  }
}
