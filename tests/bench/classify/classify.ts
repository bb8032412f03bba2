/** Milliseconds a frame through the worker that the product uses, in a browser; and the network alone in Node. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBrowser, openPage } from '../lib/browser.ts';
import { waitForQuiet } from '../lib/machine.ts';
import { openPages } from '../lib/pages.ts';
import type { Bench, Cell } from '../lib/report.ts';
import { median, quantile, round } from '../lib/stats.ts';
import type { Classified, ClassifyBench } from './measured.ts';
import { runInNode } from './node.ts';

/** In the callbacks that run in the page. */
declare const window: { classifyBench: ClassifyBench };

const models = fileURLToPath(new URL('../../../client/classify/models', import.meta.url));

export const classify: Bench = async ({ rounds = 3, frames = 100 }, say) => {
  const name = readdirSync(models).sort().at(-1) ?? '';
  const pages = await openPages(new URL('./page/', import.meta.url), { [`models/${name}`]: { folder: join(models, name) } });
  const browser = await openBrowser();
  const runs: Classified[] = [];
  const inNode: Awaited<ReturnType<typeof runInNode>>[] = [];
  try {
    for (let turn = 0; turn < rounds; turn += 1) {
      await waitForQuiet(5000);
      const { page, errors } = await openPage(browser, pages.origin);
      await page.waitForFunction(() => window.classifyBench !== undefined);
      const run = await page.evaluate(([folder, count]) => window.classifyBench.run(folder, count), [`${pages.origin}models/${name}/`, frames] as const);
      if (errors.length > 0) throw new Error(`The page failed: ${errors[0]}`);
      await page.close();
      runs.push(run);
      inNode.push(await runInNode(join(models, name), frames));
      say(`browser: load ${round(run.load, 0)} ms, frame ${round(median(run.frame), 1)} ms; Node: ${round(median(inNode.at(-1)?.times ?? []), 1)} ms`);
    }
    const row = (what: string, times: number[][], loads: (number | undefined)[]): { [column: string]: Cell } => ({
      what, 'load ms': loads.includes(undefined) ? undefined : round(median(loads as number[]), 0), 'median ms': round(median(times.map((each) => median(each))), 1),
      best: round(Math.min(...times.map((each) => median(each))), 1), 'p95 ms': round(median(times.map((each) => quantile(each, 0.95))), 1),
    });
    return {
      facts: { browser: `Chromium ${browser.version()}, headless`, runtime: runs[0]?.runtime, model: runs[0]?.model, 'model bytes': statSync(join(models, name, 'model.onnx')).size },
      sections: [{
        title: `One frame of 1280 × 720, median of ${rounds} rounds of ${frames}`,
        rows: [
          row('browser, as a person waits', runs.map((run) => run.frame), runs.map((run) => run.load)),
          row('browser, inside the worker', runs.map((run) => run.inWorker), runs.map(() => undefined)),
          row('Node, preparing and network', inNode.map((run) => run.times), inNode.map((run) => run.load)),
        ],
      }],
      notes: ['The frames are drawn by code. In the browser: pixels from the frame, its quality, the network, the decision; WebAssembly with one thread where there are two cores or fewer.'],
    };
  } finally {
    await browser.close();
    await pages.close();
  }
};
