/** `value-set list` */
import { countImportedCodes, findLastImport } from '../../repositories/code-lists.ts';
import { loadStandards } from '../../standards.ts';
import type { Command } from '../command.ts';
import { withContext } from '../place.ts';

interface Listed {
  id: string;
  version: string;
  title: { zh: string; en: string };
  /** Shipped with the standards. */
  codes: number;
  open: boolean;
  imported?: { edition: string; at: string; codes: number; active: number };
}

export const valueSetList: Command = {
  help: `
npm run -s xf -- value-set list [--json] [--shipped]

Every value set in standards/, how many codes it has, and for the open ones which edition was imported last and how many of its codes are offered.

  --json     an array of {id, version, title: {zh, en}, codes, open, imported: {edition, at, codes, active}}
  --shipped  what standards/ holds alone; needs no database
`,
  options: { json: { type: 'boolean' }, shipped: { type: 'boolean' } },
  async run(values) {
    const registry = await loadStandards();
    const list: Listed[] = registry.valueSetRefs.map((ref) => registry.getValueSet(ref)).map(({ id, version, title, codes, open }) => ({ id, version, title, codes: codes.length, open: open !== undefined }));
    if (!values.is('shipped')) await withContext(async ({ db }) => {
      for (const { value_set, codes, active } of await countImportedCodes(db)) {
        const last = await findLastImport(db, value_set);
        for (const set of list) if (set.id === value_set && last) set.imported = { edition: last.edition, at: last.created_at.toISOString(), codes, active };
      }
    });
    if (values.is('json')) return void process.stdout.write(`${JSON.stringify(list, undefined, 2)}\n`);
    for (const { id, version, title, codes, open, imported } of list) {
      const more = imported ? `  imported: ${imported.edition}, ${imported.active} of ${imported.codes} codes offered, ${imported.at.slice(0, 10)}` : open ? '  open, nothing imported' : '';
      process.stdout.write(`${id}@${version}  ${codes} codes  ${title.zh}  ${title.en}${more}\n`);
    }
  },
};
