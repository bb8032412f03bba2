/** Compiled forms, each made once and kept: a published standard never changes. */
import { compileForm } from '../../schemas/compile.ts';
import { createStructureCheck } from '../../schemas/dialect.ts';
import type { Form } from '../../schemas/form.ts';
import { identityDocument, identityField, type IdentityLayout } from '../../schemas/identity.ts';
import { prepareForm, type PreparedForm } from '../../schemas/prepare.ts';
import type { Registry } from '../../schemas/registry.ts';
import { validatorModule } from '../../schemas/validator-module.ts';

export interface Forms {
  /** The newest version when none is named. @throws Problem `standard-not-found` */
  get(subDataset: string, version?: string): PreparedForm;
  /** Its structure check as the text of a JavaScript module. @throws Problem `standard-not-found` */
  structureModule(subDataset: string, version: string): string;
  /** What may be known of a patient, laid out as `standards/matching.json` says. @throws Problem `standard-not-found`, `standard-invalid` */
  identity(matching: IdentityOptions): IdentityForm;
}

/** Of `standards/matching.json`. */
export interface IdentityOptions {
  standard: string;
  identity: IdentityLayout;
}

export interface IdentityForm {
  prepared: PreparedForm;
  /** The structure check as the text of a JavaScript module. */
  structureModule: string;
  /** Keys that the standard asks when somebody is enrolled. */
  enrol: string[];
}

export function createForms(standards: Registry): Forms {
  const loaded = new Map<object, PreparedForm>();
  const modules = new Map<PreparedForm, string>();
  const identities = new Map<IdentityOptions, IdentityForm>();
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
    identity(matching) {
      const known = identities.get(matching) ?? loadIdentity(get(matching.standard).form, matching.identity, standards);
      identities.set(matching, known);
      return known;
    },
  };
}

function loadIdentity(first: Form, layout: IdentityLayout, standards: Registry): IdentityForm {
  const prepared = load(identityDocument(standards, first, layout).document, standards);
  const enrol = first.items.flatMap(({ bind }) => identityField(bind) ?? []);
  return { prepared, structureModule: validatorModule(prepared.form.structure), enrol };
}

function load(standard: object, standards: Registry): PreparedForm {
  const form = compileForm(standard, standards);
  return prepareForm(form, createStructureCheck(form.structure));
}
