/** Which files an export has: from the release, the versions that records really have, and the mappings that rows came in by. */
import type { Form } from '../../../schemas/form.ts';
import type { ExportRequest } from '../../../schemas/http/api.ts';
import { fail } from '../../../schemas/problem.ts';
import type { Registry } from '../../../schemas/registry.ts';
import type { Forms } from '../../services/forms.ts';
import { imageTable, importTable, lesionTable, subjectTable, visitTable } from './entity-tables.ts';
import { recordTables, type Withheld } from './record-tables.ts';
import type { Table } from './table.ts';

export interface PlannedTable {
  table: Table;
  /** The versions of its sub-dataset, the release's first; none for other tables. */
  forms: readonly Form[];
}

export interface ExportPlan {
  tables: PlannedTable[];
  withheld: Withheld[];
  standards: { dataset: string; subDataset: string; version: string; sha256: string }[];
}

export interface Found {
  versions: readonly { sub_dataset: string; standard_version: string }[];
  mappings: readonly { mapping: string; columns: string[] }[];
}

/** The sub-datasets asked for, in the order of the release. @throws Problem `release-not-found`, `standard-not-found` */
export function askedSubDatasets(registry: Registry, { release, subDatasets }: Pick<ExportRequest, 'release' | 'subDatasets'>): string[] {
  const inRelease = registry.getRelease(release).standards.map(({ subDataset }) => subDataset);
  const unknown = subDatasets.find((subDataset) => !inRelease.includes(subDataset));
  if (unknown !== undefined) fail('standard-not-found', [{ pointer: '/subDatasets', detail: `The release has no sub-dataset ${unknown}` }]);
  return inRelease.filter((subDataset) => subDatasets.includes(subDataset));
}

/** The form of a sub-dataset in the version that the release pins. @throws Problem `release-not-found`, `standard-not-found` */
export function pinnedForm(registry: Registry, forms: Forms, release: string, subDataset: string): Form {
  const pinned = registry.getRelease(release).standards.find((standard) => standard.subDataset === subDataset) ?? fail('standard-not-found');
  return forms.get(subDataset, pinned.version).form;
}

export function planExport(registry: Registry, forms: Forms, request: ExportRequest, found: Found, staffNames: boolean): ExportPlan {
  const { release, language, statuses } = request;
  const pinned = registry.getRelease(release).standards;
  const asked = askedSubDatasets(registry, request);
  const newest = pinned.filter(({ subDataset }) => asked.includes(subDataset)).map(({ subDataset, version }) => forms.get(subDataset, version).form);
  const classified = new Set(pinned.flatMap(({ subDataset, version }) => forms.get(subDataset, version).form.items.flatMap(({ capture }) => capture?.classification?.subDataset ?? [])));
  const isDirect = (path: string) => registry.boundValues.get(path)?.identifying === 'direct';
  const records = newest.map((form) => {
    const { subDataset, version } = form.standard;
    const others = found.versions.filter((each) => each.sub_dataset === subDataset && each.standard_version !== version).map((each) => each.standard_version)
      .toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }));
    const versions = [form, ...others.map((other) => forms.get(subDataset, other).form)] as const;
    return { versions, ...recordTables([...versions], { language, isDirect, staffNames, classified: classified.has(subDataset), ...(statuses ? { statuses } : {}) }) };
  });
  const sexes = newest.flatMap(({ items, valueSets }) => items.flatMap(({ bind, valueSet }) => (bind === 'subject.sex' && valueSet !== undefined ? [valueSets[valueSet]] : [])))[0];
  const entities = [subjectTable(sexes, language), visitTable, lesionTable, imageTable];
  return {
    tables: [
      ...entities.map((table) => ({ table, forms: [] })),
      ...records.flatMap(({ tables, versions }) => tables.map((table) => ({ table, forms: versions }))),
      ...found.mappings.map(({ mapping, columns }) => ({ table: importTable(mapping, columns), forms: [] })),
    ],
    withheld: records.flatMap(({ withheld }) => withheld),
    standards: records.flatMap(({ versions }) => versions.map(({ standard, sha256 }) => ({ ...standard, sha256 }))),
  };
}
