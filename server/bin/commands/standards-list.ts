/** `standards list` */
import { textOf } from '../../../schemas/documents.ts';
import { countElements } from '../../../schemas/registry.ts';
import { loadStandards } from '../../standards.ts';
import type { Command } from '../command.ts';

export const standardsList: Command = {
  help: `
npm run -s xf -- standards list [--json]

Every version of every sub-dataset in standards/.

  --json   an array of {dataset, subDataset, version, title: {zh, en}, elements, sha256}; sha256 is that of the
           standard's canonical JSON (RFC 8785), as the releases pin it
`,
  options: { json: { type: 'boolean' } },
  async run(values) {
    const registry = await loadStandards();
    const list = registry.standards.map(({ dataset, subDataset, version }) => {
      const document = registry.getStandard(subDataset, version);
      return { dataset, subDataset, version, title: textOf(document), elements: countElements(document), sha256: registry.sha256(document) };
    });
    if (values.is('json')) return void process.stdout.write(`${JSON.stringify(list, undefined, 2)}\n`);
    for (const { dataset, subDataset, version, title, elements } of list) process.stdout.write(`${dataset}/${subDataset}@${version}  ${elements} elements  ${title.zh}  ${title.en}\n`);
  },
};
