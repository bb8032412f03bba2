/** `export` */
import { readFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import type { ExportRequest, RecordStatus } from '../../../schemas/http/api.ts';
import { checkExport, writeExport, type ExportOptions } from '../../exchange/export/run.ts';
import type { Context } from '../../services/context.ts';
import { pathOf, raise, say, type Command, type Values } from '../command.ts';
import { personNamed, siteNamed, withContext } from '../place.ts';

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string };
const statuses: readonly RecordStatus[] = ['in-progress', 'complete', 'signed', 'locked'];

export const exportCommand: Command = {
  help: `
npm run -s xf -- export --out <file.zip> [--release 2026.1] [--site XY01 …] [--profile analysis|excel] [--language zh|en]
                        [--sub-dataset <key> …] [--status complete …] [--filter '<sub-dataset>: <expression>'] [--as <user name>]

  --release      the newest when absent
  --site         may be repeated; not needed where there is only one
  --profile      analysis (default): UTF-8, nothing changed. excel: opens rightly in Excel, formula-looking text made harmless
  --language     of labels; zh when absent
  --sub-dataset  may be repeated; all of the release when absent
  --status       in-progress, complete, signed, locked; may be repeated; all when absent
  --filter       only records for which the expression is true, and the patients who have one: --filter 'melanoma-staging: breslow > 1'
  --as           in whose name, who must be allowed to export; not needed where only one person may

What identifies a patient directly is never in it. The same data give the same bytes.
`,
  options: {
    out: { type: 'string' }, release: { type: 'string' }, site: { type: 'string', multiple: true }, profile: { type: 'string', default: 'analysis' }, language: { type: 'string', default: 'zh' },
    'sub-dataset': { type: 'string', multiple: true }, status: { type: 'string', multiple: true }, filter: { type: 'string' }, as: { type: 'string' },
  },
  async run(values, positionals) {
    if (positionals.length > 0) raise(`${positionals[0] ?? ''} is not expected here.`);
    const out = pathOf(values.required('out'));
    await withContext(async (context, { store }) => {
      const options: ExportOptions = { ...(await optionsOf(context, values)), version, engine: store.engine };
      checkExport(context, options);
      const files = await writeTo(out, context, options);
      say(`${out}: ${files} files`);
    });
  },
};

async function optionsOf(context: Context, values: Values): Promise<Pick<ExportOptions, 'request' | 'actor'>> {
  const codes = values.list('site');
  const sites = codes.length === 0 ? [await siteNamed(context, undefined)] : await Promise.all(codes.map((code) => siteNamed(context, code)));
  const [first = raise('Name a site.')] = sites;
  const actor = await personNamed(context, values.text('as'), ['export:run'], first);
  const release = context.standards.getRelease(values.text('release'));
  const asked = values.list('sub-dataset');
  const chosen = values.list('status').map((status) => statuses.find((each) => each === status) ?? raise(`There is no status ${status}. There are: ${statuses.join(', ')}.`));
  const filter = filterOf(values.text('filter'));
  const request: ExportRequest = {
    release: release.release, siteIds: sites.map(({ id }) => id), subDatasets: asked.length > 0 ? asked : release.standards.map(({ subDataset }) => subDataset),
    profile: values.oneOf('profile', ['analysis', 'excel']), language: values.oneOf('language', ['zh', 'en']),
    ...(chosen.length > 0 ? { statuses: chosen } : {}), ...(filter ? { filter } : {}),
  };
  return { request, actor };
}

function filterOf(text: string | undefined): ExportRequest['filter'] {
  if (text === undefined) return undefined;
  const [, subDataset, expression] = /^\s*([a-z0-9-]+)\s*:(.*)$/s.exec(text) ?? [];
  return subDataset !== undefined && expression !== undefined ? { subDataset, expression: expression.trim() } : raise(`--filter is a sub-dataset, a colon and an expression, as in 'melanoma-staging: breslow > 1'.`);
}

/** Written aside and renamed, so that a file of this name is whole. Gives the number of files in it. */
async function writeTo(path: string, context: Context, options: ExportOptions): Promise<number> {
  const part = `${path}.part`;
  const file = await open(part, 'w', 0o600).catch((error: NodeJS.ErrnoException) => { throw new Error(`${path} cannot be written (${error.code ?? 'unknown error'})`); });
  try {
    const manifest = await writeExport(context, options, (bytes) => file.writeFile(bytes));
    await file.sync();
    await file.close();
    await rename(part, path);
    return manifest.files.length + 1;
  } catch (error) {
    await file.close().catch(() => {});
    await rm(part, { force: true });
    throw error;
  }
}
