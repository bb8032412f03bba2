/** XML 1.0 text: what must be escaped so that a conforming reader gives back exactly what went in. */

/** Characters that no XML 1.0 document may hold, not even escaped. */
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

export function canBeWritten(text: string): boolean {
  return !forbidden.test(text);
}

const references: { [character: string]: string } = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;', '\n': '&#10;', '\t': '&#9;' };

/** A carriage return is written as a reference: readers turn a bare one into a line feed. */
export function escapeText(text: string): string {
  return text.replace(/[&<>\r]/g, (character) => references[character] ?? character);
}

/** In an attribute readers turn every white space into a space. */
export function escapeAttribute(text: string): string {
  return text.replace(/[&<>"\r\n\t]/g, (character) => references[character] ?? character);
}

export type Attributes = { readonly [name: string]: string | undefined };

/** `<name a="1"/>` or `<name a="1">content</name>`; `content` is XML already, an absent attribute is left out. */
export function tag(name: string, attributes: Attributes, content?: string): string {
  const given = Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${escapeAttribute(value)}"`])).join('');
  return content === undefined ? `<${name}${given}/>` : `<${name}${given}>${content}</${name}>`;
}
