/** `standards list` */
import { textOf } from '../../../schemas/documents.ts';
import type { Text } from '../../../schemas/form.ts';
import { countElements, type Registry } from '../../../schemas/registry.ts';
import { loadStandards } from '../../standards.ts';
import type { Command } from '../command.ts';

/** One version of a sub-dataset; `part` stands with those of the annex alone. */
export interface Listed {
  dataset: string;
  subDataset: string;
  version: string;
  title: Text;
  elements: number;
  sha256: string;
  part?: 'annex';
}

export const standardsList: Command = {
  help: `
npm run -s xf -- standards list [--json]

Every version of every sub-dataset in standards/, in the order of the catalogue; the annex, which runs the network, comes last.

  --json   an array of {dataset, subDataset, version, title: {zh, en}, elements, sha256}, with part: "annex" for those
           of the annex; sha256 is that of the standard's canonical JSON (RFC 8785), as the releases pin it
`,
  options: { json: { type: 'boolean' } },
  async run(values) {
    const registry = await loadStandards();
    const lines = values.is('json') ? [JSON.stringify(listStandards(registry), undefined, 2)] : linesOf(registry);
    process.stdout.write(`${lines.join('\n')}\n`);
  },
};

/** The core in the order of the catalogue, then the annex. */
export function listStandards(registry: Registry): Listed[] {
  const annex = new Set(registry.catalogue.datasets.flatMap(({ key, subDatasets }) => subDatasets.filter(({ part }) => part === 'annex').map((each) => `${key}/${each.key}`)));
  const list = registry.standards.map(({ dataset, subDataset, version }): Listed => {
    const document = registry.getStandard(subDataset, version);
    const facts = { dataset, subDataset, version, title: textOf(document), elements: countElements(document), sha256: registry.sha256(document) };
    return annex.has(`${dataset}/${subDataset}`) ? { ...facts, part: 'annex' } : facts;
  });
  return [...list.filter(({ part }) => part === undefined), ...list.filter(({ part }) => part === 'annex')];
}

/** For people: what is there, how much of the catalogue that is, and what it still lacks. */
function linesOf(registry: Registry): string[] {
  const list = listStandards(registry);
  const known = new Set(list.map(({ dataset, subDataset }) => `${dataset}/${subDataset}`));
  const sayPart = (part: 'core' | 'annex') => {
    const datasets = registry.catalogue.datasets.map(({ key, subDatasets }) => subDatasets.filter((each) => (each.part ?? 'core') === part).map((each) => `${key}/${each.key}`)).filter((names) => names.length > 0);
    const names = datasets.flat();
    const absent = names.filter((name) => !known.has(name));
    return [
      ...list.filter((each) => (each.part ?? 'core') === part).map(({ dataset, subDataset, version, title, elements }) => `${dataset}/${subDataset}@${version}  ${elements} elements  ${title.zh}  ${title.en}`),
      ...absent.map((name) => `${name}  in the catalogue, no standard yet`),
      `${part === 'annex' ? 'Annex: ' : ''}${datasets.length} datasets, ${names.length} sub-datasets`,
    ];
  };
  return [...sayPart('core'), '', ...sayPart('annex')];
}
