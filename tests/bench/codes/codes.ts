/** Finding one of very many codes: in the process, through the server, in the page without a network; each beside looking through all of them. */
import { columnsOf, createCodeIndex } from '../../../schemas/code-search.ts';
import { openBrowser, openPage } from '../lib/browser.ts';
import { openPages } from '../lib/pages.ts';
import type { Bench, Section } from '../lib/report.ts';
import { median, quantile, round } from '../lib/stats.ts';
import { createFilter, csvOf, makeCodes, queries } from './list.ts';
import type { CodesBench } from './measured.ts';
import { measureServer } from './server.ts';

/** In the callbacks that run in the page. */
declare const window: { codesBench: CodesBench };

type Times = Map<string, number[]>;

export const codes: Bench = async ({ rounds = 10, size: [size = 100_000] = [] }, say) => {
  const list = makeCodes(size);
  const columns = columnsOf(list);
  const file = JSON.stringify(columns);
  const inProcess = measureProcess(columns, rounds, createFilter(list));
  say(`in the process: ready in ${round(inProcess.built, 0)} ms`);
  const server = await measureServer(csvOf(list), list.at(-1)?.code ?? '', queries, rounds, say);
  const page = await measurePage(file, rounds).catch((error: Error): undefined => { say(error.message); });
  const sections: Section[] = [
    { title: `${size} codes, milliseconds a search (median of ${rounds})`, rows: queries.map((query) => ({
      query, 'process': of(inProcess.index, query), 'filter': of(inProcess.filter, query), 'server (HTTP)': server && of(server.http, query), 'ILIKE': server && of(server.ilike, query), 'page (worker)': page && of(page.worker, query), 'page filter': page && of(page.filter, query),
    })) },
    { title: 'All searches', rows: [row('process', inProcess.index), row('filter', inProcess.filter), ...(server ? [row('server (HTTP)', server.http), row('ILIKE', server.ilike)] : []), ...(page ? [row('page (worker), offline', page.worker), row('page filter', page.filter)] : [])] },
    { title: 'Once', rows: [
      { what: 'index made ready, ms', value: round(inProcess.built, 0) }, { what: 'index, MB of heap', value: round(inProcess.heap, 1) }, { what: 'list as it is sent, MB of JSON', value: round(file.length / 1e6, 1) },
      ...(server ? [{ what: 'value-set import, s', value: server.imported }, { what: 'running server offers it after, ms', value: round(server.noticed, 0) }] : []),
      ...(page ? [{ what: 'page: list downloaded and kept, ms', value: round(page.download, 0) }, { what: 'page: first key, half a second after the form, ms', value: round(median(page.afterLoad), 0) }, { what: 'page: first key at once, from a new worker, ms', value: round(median(page.first), 0) }] : []),
    ] },
  ];
  return { facts: { codes: size, database: server?.database, browser: page?.browser }, sections, notes: ['filter: Array.filter over lower-cased texts, every word a substring, unranked. ILIKE: the same in PostgreSQL, warm. Page: the product’s worker and IndexedDB under its content policy; after the download the network is cut.'] };
};

const of = (times: Times, query: string) => round(median(times.get(query) ?? []), 1);
function row(what: string, times: Times) {
  const all = [...times.values()].flat();
  return { what, p50: round(median(all), 1), p95: round(quantile(all, 0.95), 1), max: round(Math.max(...all), 1) };
}

function measureProcess(columns: ReturnType<typeof columnsOf>, rounds: number, filter: (query: string) => number) {
  const heap = () => { globalThis.gc?.(); return process.memoryUsage().heapUsed / 1e6; };
  const before = heap();
  const began = performance.now();
  const index = createCodeIndex(columns);
  const built = performance.now() - began;
  const grown = heap() - before;
  const [searched, filtered]: [Times, Times] = [new Map(), new Map()];
  const timed = (into: Times, query: string, work: () => unknown) => {
    const from = performance.now();
    work();
    into.set(query, [...(into.get(query) ?? []), performance.now() - from]);
  };
  for (let turn = 0; turn < rounds; turn += 1) {
    for (const query of queries) {
      timed(searched, query, () => index.search(query));
      timed(filtered, query, () => filter(query));
    }
  }
  return { built, heap: grown, index: searched, filter: filtered };
}

async function measurePage(file: string, rounds: number) {
  const pages = await openPages(new URL('./page/', import.meta.url), { 'api/value-sets/icd-10/1.0.0/codes.json': file });
  const browser = await openBrowser().catch(async (error: Error) => { await pages.close(); throw error; });
  try {
    const { page, errors } = await openPage(browser, pages.origin);
    await page.waitForFunction(() => 'codesBench' in window);
    const download = await page.evaluate(() => window.codesBench.download());
    const [first, afterLoad]: [number[], number[]] = [[], []];
    for (let turn = 0; turn < 5; turn += 1) {
      await page.reload();
      await page.waitForFunction(() => 'codesBench' in window);
      first.push(await page.evaluate(() => window.codesBench.first('hssl')));
      await page.reload();
      await page.waitForFunction(() => 'codesBench' in window);
      afterLoad.push(await page.evaluate(() => window.codesBench.firstAfterLoad('hssl')));
    }
    await page.waitForTimeout(1500); // it asks once whether there is a newer list
    await page.context().setOffline(true);
    const [worker, filter]: [Times, Times] = [new Map(), new Map()];
    for (let turn = 0; turn < rounds; turn += 1) {
      for (const query of queries) {
        worker.set(query, [...(worker.get(query) ?? []), (await page.evaluate((typed) => window.codesBench.search(typed), query)).ms]);
        filter.set(query, [...(filter.get(query) ?? []), await page.evaluate((typed) => window.codesBench.filter(typed), query)]);
      }
    }
    if (errors.length > 0) throw new Error(`The page failed: ${errors[0]}`);
    return { browser: `Chromium ${browser.version()}, headless`, download, first, afterLoad, worker, filter };
  } finally {
    await browser.close();
    await pages.close();
  }
}
