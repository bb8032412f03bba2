/** What an expression depends on. */
import type { Node } from '../form.ts';
import type { NamedItem } from './environment.ts';

/** The parts of a node, in order of the source. */
export function childrenOf(node: Node): Node[] {
  switch (node.op) {
    case 'value': case 'item': case 'bound': case 'today': case 'variable': return [];
    case 'field': case 'not': case 'negate': return [node.of];
    case 'list': return node.items;
    case 'if': return [node.test, node.then, node.else];
    case 'call': return node.args;
    case 'macro': return [node.of, node.body];
    default: return [node.left, node.right];
  }
}

/** A node and all below it. */
export function walk(node: Node, found: Node[] = []): Node[] {
  found.push(node);
  for (const child of childrenOf(node)) walk(child, found);
  return found;
}

/**
 * Paths of the items that a tree reads. A column read through a macro (`orders.exists(o, o.dose > 1)`) counts as `orders/dose`;
 * where two repeats are named, a column counts for both, which costs an evaluation and misses none.
 */
export function readsOf(tree: Node, items: readonly NamedItem[]): string[] {
  const reads = new Set<string>();
  const nodes = walk(tree);
  for (const node of nodes) if (node.op === 'item') reads.add(node.key);
  for (const repeat of items) {
    if (repeat.type !== 'repeat' || !reads.has(repeat.key)) continue;
    for (const node of nodes) {
      if (node.op === 'field' && repeat.items?.some((item) => item.key === node.name)) reads.add(`${repeat.key}/${node.name}`);
    }
  }
  return [...reads];
}

/** Bind paths (`subject.birthDate`) that a tree reads. */
export function boundOf(tree: Node): string[] {
  return [...new Set(walk(tree).flatMap((node) => (node.op === 'bound' ? [node.path] : [])))];
}
