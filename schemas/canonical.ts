/** RFC 8785 (JSON Canonicalization Scheme): one text for one value, for digests and signatures. */

/**
 * The canonical text of a JSON value. ECMAScript already writes numbers and strings as the RFC asks, and `sort` compares
 * UTF-16 units as it asks; members that are undefined are left out, as in JSON.
 * @throws TypeError for what JSON cannot carry: NaN, infinities, lone surrogates, functions, undefined in a list
 */
export function canonicalize(value: unknown): string {
  switch (typeof value) {
    case 'boolean':
      return String(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError('JSON has no such number');
      return JSON.stringify(value);
    case 'string':
      return quote(value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? `[${value.map(canonicalize).join(',')}]` : canonicalObject(value as { [key: string]: unknown });
    default:
      throw new TypeError(`JSON cannot carry a value of type ${typeof value}`);
  }
}

function canonicalObject(value: { [key: string]: unknown }): string {
  let text = '';
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member !== undefined) text += `${text === '' ? '' : ','}${quote(key)}:${canonicalize(member)}`;
  }
  return `{${text}}`;
}

/** Most texts are plain and need no escape; the others are looked at for halves of pairs, which no JSON text may hold. */
function quote(text: string): string {
  if (plain.test(text)) return `"${text}"`;
  if (/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text)) {
    throw new TypeError('The text holds half of a surrogate pair');
  }
  return JSON.stringify(text);
}

const plain = /^[ !#-[\]-~]*$/;
