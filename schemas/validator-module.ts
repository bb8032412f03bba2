/**
 * The structure check of a form as the text of a JavaScript module that imports nothing and needs no `eval`, for pages
 * under a strict content policy. Its default export is a `StructureCheck`, the same as `createStructureCheck` makes.
 */
import standalone from 'ajv/dist/standalone/index.js';
import { createAjv } from './dialect.ts';

/** Ajv's own text loads this helper from its package; here it stands in the module. Length in characters, not UTF-16 units. */
const CHARACTER_COUNT = `(text) => {
  let length = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      length--;
      i++;
    }
  }
  return length;
}`;

const DEFAULT_EXPORT = /^"use strict";\s*export const validate = (\w+);\s*export default \w+;/;

/** @throws TypeError when Ajv's text needs something of its package that is not known here, as after an update of Ajv */
export function validatorModule(structure: object): string {
  const ajv = createAjv({ validateSchema: false, code: { source: true, esm: true } });
  // The package is CommonJS: its function is the default export itself or a member of it, by loader.
  const generate = 'default' in standalone ? standalone.default : standalone;
  const text = generate(ajv, ajv.compile(structure));
  const name = DEFAULT_EXPORT.exec(text)?.[1];
  const body = text.replace(DEFAULT_EXPORT, '').replaceAll('require("ajv/dist/runtime/ucs2length").default', CHARACTER_COUNT);
  if (name === undefined || /\brequire\(|\bimport\b/.test(body)) throw new TypeError('The generated structure check is not self-contained');
  return `${body}
export default function check(data) {
  return ${name}(data) ? [] : ${name}.errors.map(({ instancePath, keyword, params }) => ({ instancePath, keyword, params }));
}
`;
}
