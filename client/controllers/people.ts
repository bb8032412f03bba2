/** The people of one site, as forms ask for them: found by name, known by id. Names that came by are kept for the page. */
import { readNames, searchPeople } from '../api.ts';

export interface Person {
  id: string;
  name: string;
}

const most = 20;

export class People {
  readonly me: Person;
  readonly names: Map<string, string>;
  readonly #siteId: string;
  #wanted = new Set<string>();
  #reading: Promise<ReadonlyMap<string, string>> | undefined;

  /** `names`: what those are called whom a record names, on its day. */
  constructor(siteId: string, me: Person, names: { readonly [id: string]: string } = {}) {
    this.#siteId = siteId;
    this.me = me;
    this.names = new Map(Object.entries(names));
  }

  async search(q: string): Promise<{ people: readonly Person[]; hasMore: boolean }> {
    const { items, next } = await searchPeople(this.#siteId, q, most);
    for (const { id, name } of items) if (!this.names.has(id)) this.names.set(id, name);
    return { people: items, hasMore: next !== undefined };
  }

  /** Those asked for at the same moment are read together. */
  read(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    for (const id of ids) this.#wanted.add(id);
    this.#reading ??= Promise.resolve().then(async () => {
      const wanted = [...this.#wanted];
      this.#wanted = new Set();
      this.#reading = undefined;
      const names = new Map(Object.entries(await readNames(this.#siteId, wanted)));
      for (const [id, name] of names) this.names.set(id, name);
      return names;
    });
    return this.#reading;
  }
}
