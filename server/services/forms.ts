/** Compiled forms, each made once and kept: a published standard never changes. */
import { compileForm } from '../../schemas/compile.ts';
import { createStructureCheck } from '../../schemas/dialect.ts';
import { prepareForm, type PreparedForm } from '../../schemas/prepare.ts';
import type { Registry } from '../../schemas/registry.ts';
import { validatorModule } from '../../schemas/validator-module.ts';

export interface Forms {
  /** The newest version when none is named. @throws Problem `standard-not-found` */
  get(subDataset: string, version?: string): PreparedForm;
  /** Its structure check as the text of a JavaScript module. @throws Problem `standard-not-found` */
  structureModule(subDataset: string, version: string): string;
}

export function createForms(standards: Registry): Forms {
  const loaded = new Map<object, PreparedForm>();
  const modules = new Map<PreparedForm, string>();
  const get: Forms['get'] = (subDataset, version) => {
    const standard = standards.getStandard(subDataset, version);
    const known = loaded.get(standard) ?? load(standard, standards);
    loaded.set(standard, known);
    return known;
  };
  return {
    get,
    structureModule(subDataset, version) {
      const prepared = get(subDataset, version);
      const known = modules.get(prepared) ?? validatorModule(prepared.form.structure);
      modules.set(prepared, known);
      return known;
    },
  };
}

function load(standard: object, standards: Registry): PreparedForm {
  const form = compileForm(standard, standards);
  return prepareForm(form, createStructureCheck(form.structure));
}
