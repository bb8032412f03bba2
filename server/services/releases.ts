/** The standards of a release, as a list to choose from. */
import type { StandardSummary } from '../../schemas/http/api.ts';
import { textOf, type CatalogueDocument } from '../../schemas/documents.ts';
import { countElements, datasetTitle, type Registry } from '../../schemas/registry.ts';

function partOf({ datasets }: CatalogueDocument, subDataset: string): 'core' | 'annex' {
  return datasets.flatMap(({ subDatasets }) => subDatasets).find(({ key }) => key === subDataset)?.part ?? 'core';
}

/** Those of the newest release, in the order of the catalogue. */
export function summarizeRelease(standards: Registry): StandardSummary[] {
  return standards.getRelease().standards.map(({ dataset, subDataset, version, sha256 }) => {
    const document = standards.getStandard(subDataset, version);
    return { dataset, subDataset, version, sha256, title: textOf(document), datasetTitle: datasetTitle(standards.catalogue, dataset), per: document.per, elements: countElements(document), part: partOf(standards.catalogue, subDataset) };
  });
}
