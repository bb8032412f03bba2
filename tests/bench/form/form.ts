/** Our form beside the same form by hand, in one run, taking turns; and the largest of the real ones. */
import type { Browser, Page } from 'playwright';
import { loadStandards, sha256 } from '../../../schemas/bin/load.ts';
import { compileForm } from '../../../schemas/compile.ts';
import { createRegistry } from '../../../schemas/registry.ts';
import { validatorModule } from '../../../schemas/validator-module.ts';
import { standardsFolder } from '../../../server/standards.ts';
import { heapMB, openBrowser, openPage, taskMs } from '../lib/browser.ts';
import { waitForQuiet } from '../lib/machine.ts';
import { openPages, type Pages } from '../lib/pages.ts';
import type { Bench, Section } from '../lib/report.ts';
import { median, quantile, round } from '../lib/stats.ts';
import type { FormBench } from './measured.ts';
import { documentsOf, makeSpec } from './spec.ts';

/** In the callbacks that run in the page. */
declare const window: { formBench: FormBench };

type EngineName = 'ours' | 'by hand';

/** What is pressed in a form, and where. */
interface Script {
  form: string;
  items: number;
  engines: readonly EngineName[];
  first: string;
  last: string;
  text: string;
  /** `begin` is pressed once, before the two take turns. */
  flip: { trigger: string; begin?: string; keys: readonly [string, string]; dependent: string };
}

interface Times {
  mount: number;
  mountWork: number;
  heap: number;
  nodes: number;
  key: number[];
  keyWork: number[];
  flip: number[];
}

/** The largest of the release; its first choice brings a third of it into play. */
const largest: Script = {
  form: 'melanoma-pathology', items: 0, engines: ['ours'], first: 'reportNumber', last: 'secondReview', text: 'reportNumber',
  flip: { trigger: 'invasive', begin: 'Space', keys: ['ArrowDown', 'ArrowUp'], dependent: 'breslow' },
};
const keysToWarm = 3;

export const form: Bench = async ({ rounds = 3, size = [50, 200, 1000], keys = 40 }, say) => {
  const specs = size.map(makeSpec);
  const { files, count } = compileAll(specs);
  const pages = await openPages(new URL('./page/', import.meta.url), files);
  const browser = await openBrowser();
  try {
    const scripts: Script[] = [...specs.map((spec): Script => {
      const fields = spec.groups.flatMap((group) => group.fields);
      const last = fields.filter(({ shownBy }) => shownBy === undefined).at(-1)?.name ?? '';
      return { form: spec.name, items: fields.length, engines: ['ours', 'by hand'], first: fields[0]?.name ?? '', last, text: spec.text, flip: { trigger: spec.trigger, keys: ['x', 'Backspace'], dependent: spec.dependent } };
    }), { ...largest, items: count(largest.form) }];
    const times = await measureAll(browser, pages, scripts, rounds, keys, say);
    return {
      facts: { browser: `Chromium ${browser.version()}, headless, no GPU`, 'script, ours': `${round(pages.scriptBytes('ours.ts') / 1000, 1)} kB gzip`, 'script, by hand': `${round(pages.scriptBytes('plain.ts') / 1000, 1)} kB gzip` },
      sections: [summary(scripts, times, rounds)],
      notes: ['mount: call to the painted frame with the last field; key and flip: key to the painted frame; work: milliseconds of the main thread. By hand has no state, no checks and no labels for assistive technology: a floor, not a peer. Each measurement has a fresh page; both take turns.'],
    };
  } finally {
    await browser.close();
    await pages.close();
  }
};

function compileAll(specs: readonly ReturnType<typeof makeSpec>[]) {
  const added = new Map(specs.flatMap(documentsOf).map((document) => [document['$id'], document]));
  const registry = createRegistry([...loadStandards(standardsFolder).files.values(), ...added.values()], sha256);
  const compiled = new Map([...specs.map(({ name }) => name), largest.form].map((name) => [name, compileForm(registry.getStandard(name), registry)]));
  const files = Object.fromEntries([
    ...[...compiled].flatMap(([name, each]) => [[`forms/${name}.json`, JSON.stringify(each)], [`forms/${name}.structure.js`, validatorModule(each.structure)]]),
    ...specs.map((spec) => [`forms/${spec.name}.spec.json`, JSON.stringify(spec)]),
  ]) as { [path: string]: string };
  return { files, count: (name: string) => compiled.get(name)?.items.length ?? 0 };
}

async function measureAll(browser: Browser, pages: Pages, scripts: readonly Script[], rounds: number, keys: number, say: (line: string) => void): Promise<Map<string, Times[]>> {
  const times = new Map<string, Times[]>();
  for (let turn = 0; turn < rounds; turn += 1) {
    for (const script of scripts) {
      for (const engine of script.engines) {
        await waitForQuiet(3000);
        const one = await measure(browser, `${pages.origin}?engine=${engine === 'ours' ? 'ours' : 'plain'}&form=${script.form}`, script, keys);
        say(`${script.form}, ${engine}: mount ${round(one.mount, 0)} ms, key ${round(median(one.key), 1)} ms, flip ${round(median(one.flip), 1)} ms`);
        times.set(`${script.form} ${engine}`, [...(times.get(`${script.form} ${engine}`) ?? []), one]);
      }
    }
  }
  return times;
}

async function measure(browser: Browser, address: string, { first, last, text, flip }: Script, keys: number): Promise<Times> {
  const { page, session, errors } = await openPage(browser, address);
  try {
    await page.evaluate(() => window.formBench.ready);
    const before = { heap: await heapMB(session), work: await taskMs(session) };
    const { mount, nodes } = await page.evaluate(([one, other]) => window.formBench.mount(one, other), [first, last] as const);
    const mountWork = (await taskMs(session)) - before.work;
    const heap = (await heapMB(session)) - before.heap;
    const typed = await press(page, session, { trigger: text, keys: ['a', 'b'] }, keys);
    const flipped = await press(page, session, flip, keys);
    if (errors.length > 0) throw new Error(`The page failed: ${errors[0]}`);
    return { mount, mountWork, heap, nodes, key: typed.map(({ paint }) => paint), keyWork: typed.map(({ work }) => work), flip: flipped.map((each) => each.flip ?? NaN) };
  } finally {
    await page.close();
  }
}

async function press(page: Page, session: Awaited<ReturnType<typeof openPage>>['session'], { trigger, begin, keys: codes, dependent }: Omit<Script['flip'], 'dependent'> & { dependent?: string }, keys: number) {
  if (!(await page.evaluate((at) => window.formBench.focus(at), trigger))) throw new Error(`The form has no ${trigger}`);
  if (begin !== undefined) await page.keyboard.press(begin);
  const times: { paint: number; flip: number | undefined; work: number }[] = [];
  for (let at = 0; at < keys + keysToWarm; at += 1) {
    await page.evaluate((other) => window.formBench.arm(other), dependent);
    const before = await taskMs(session);
    await page.keyboard.press(codes[at % 2] ?? codes[0]);
    const pressed = await page.evaluate(() => window.formBench.pressed);
    if (dependent !== undefined && pressed.flip === undefined) throw new Error(`${dependent} neither came nor went`);
    if (at >= keysToWarm) times.push({ ...pressed, work: (await taskMs(session)) - before });
  }
  return times;
}

function summary(scripts: readonly Script[], times: ReadonlyMap<string, Times[]>, rounds: number): Section {
  const rows = scripts.flatMap(({ form: name, items, engines }) => engines.map((engine) => {
    const these = times.get(`${name} ${engine}`) ?? [];
    const mid = (of: (one: Times) => number, places = 1) => round(median(these.map(of)), places);
    const all = (of: (one: Times) => number[]) => these.flatMap(of);
    return {
      form: name, items, engine, 'mount ms': mid((one) => one.mount, 0), 'mount work ms': mid((one) => one.mountWork, 0),
      'key ms': round(median(all((one) => one.key)), 1), 'key p95': round(quantile(all((one) => one.key), 0.95), 1), 'key work ms': round(median(all((one) => one.keyWork)), 1),
      'flip ms': round(median(all((one) => one.flip)), 1), 'flip p95': round(quantile(all((one) => one.flip), 0.95), 1), 'heap MB': mid((one) => one.heap), nodes: mid((one) => one.nodes, 0),
    };
  }));
  return { title: `Forms, median of ${rounds} rounds`, rows };
}
