/** The code lists of the page as the record page uses them, with a clock. */
import { CodeLists } from '../../../../client/controllers/code-lists.ts';
import { openCodeStore } from '../../../../client/controllers/code-store.ts';
import type { CodesBench } from '../measured.ts';

declare global {
  interface Window { codesBench: CodesBench }
}

const ref = 'icd-10/1.0.0';
const LIMIT = 60;
let lists: CodeLists | undefined;
let texts: readonly string[] = [];

window.codesBench = {
  async download() {
    const began = performance.now();
    lists = new CodeLists();
    lists.prepare(ref);
    while (!(await openCodeStore().read(ref))) await new Promise((resolve) => { setTimeout(resolve, 5); });
    return performance.now() - began;
  },
  async first(query) {
    const began = performance.now();
    lists = new CodeLists();
    lists.prepare(ref);
    await lists.search(ref, query, LIMIT);
    return performance.now() - began;
  },
  async firstAfterLoad(query) {
    lists = new CodeLists();
    lists.prepare(ref);
    await new Promise((resolve) => { setTimeout(resolve, 500); });
    const began = performance.now();
    await lists.search(ref, query, LIMIT);
    return performance.now() - began;
  },
  async search(query) {
    lists ??= new CodeLists();
    const began = performance.now();
    const { items } = await lists.search(ref, query, LIMIT);
    return { ms: performance.now() - began, found: items.length };
  },
  filter(query) {
    const began = performance.now();
    const words = query.toLowerCase().split(' ');
    texts.filter((text) => words.every((word) => text.includes(word))).slice(0, LIMIT);
    return performance.now() - began;
  },
};

const kept = await openCodeStore().read(ref);
if (kept) {
  const [code = [], zh = [], en = [], pinyin = [], synonyms = []] = [kept.columns.code, kept.columns.zh, kept.columns.en, kept.columns.pinyin, kept.columns.synonyms].map((text) => text.split('\n'));
  texts = code.map((each, at) => [each, zh[at], en[at], pinyin[at], synonyms[at]].join(' ').toLowerCase());
}
