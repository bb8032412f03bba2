/** Our form element, as the page uses it. */
import '../../../../client/elements/form/form.ts';
import type { CrfForm } from '../../../../client/elements/form/form.ts';
import type { Form } from '../../../../schemas/form.ts';
import type { StructureCheck } from '../../../../schemas/prepare.ts';
import type { Engine } from './engine.ts';

let element: CrfForm;

export const engine: Engine = {
  async load(name) {
    const [form, check] = await Promise.all([
      fetch(`./forms/${name}.json`).then(async (reply) => (await reply.json()) as Form),
      import(/* @vite-ignore */ new URL(`./forms/${name}.structure.js`, location.href).href).then((module: { default: StructureCheck }) => module.default),
    ]);
    return async (place) => {
      element = Object.assign(document.createElement('crf-form') as CrfForm, { form, check, language: 'en', context: { today: '2026-06-30', bound: { 'subject.birthDate': '1961-03' } } });
      place.append(element);
      await element.updateComplete;
    };
  },
  find: (name) => element.renderRoot.querySelector<HTMLElement>(`[data-pointer="/${name}"] :is(input, textarea, select)`),
};
