/** What is made of the standards: the committed types, and the checks that pages get. Not among the fast tests: a hundred standards take seconds. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadStandards } from '../../schemas/bin/load.ts';
import { typesOf } from '../../schemas/bin/types.ts';
import type { CasesDocument } from '../../schemas/cases.ts';
import { compileForm } from '../../schemas/compile.ts';
import { createStructureCheck } from '../../schemas/dialect.ts';
import { prepareForm, type StructureCheck } from '../../schemas/prepare.ts';
import { validatorModule } from '../../schemas/validator-module.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { registry, files } = loadStandards(join(root, 'standards'));

test('the types are those of the standards: run npm run generate', async () => {
  const expected = new Map<string, string>();
  for (const { subDataset, version } of registry.standards) expected.set(`${subDataset}.ts`, await typesOf(compileForm(registry.getStandard(subDataset, version), registry)));
  const folder = join(root, 'schemas/types');
  expect(readdirSync(folder).sort()).toEqual([...expected.keys()].sort());
  for (const [name, text] of expected) expect(readFileSync(join(folder, name), 'utf8'), name).toBe(text);
});

test('browser and server agree on every case of every standard', async () => {
  for (const { dataset, subDataset, version } of registry.standards) {
    const form = compileForm(registry.getStandard(subDataset, version), registry);
    const document = files.get(`${dataset}/${subDataset}/${version}.cases.json`) as CasesDocument | undefined;
    if (!document) continue;
    const module = await (import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(validatorModule(form.structure))}`) as Promise<{ default: StructureCheck }>);
    const sent = JSON.parse(JSON.stringify(form)) as typeof form;
    const [page, server] = [prepareForm(sent, module.default), prepareForm(form, createStructureCheck(form.structure))];
    for (const each of document.cases) {
      const context = { today: '2026-11-22', ...each.context };
      const evaluation = server.evaluate(each.answers, context);
      expect(page.evaluate(each.answers, context)).toEqual(evaluation);
      expect(page.open(each.answers, context).evaluation()).toEqual(evaluation);
    }
  }
});
