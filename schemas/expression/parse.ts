/**
 * Source text of an expression → our syntax tree, or every mistake in it. With `environment.ts` the only file that knows the
 * CEL library. Numbers are one type to authors: integer literals become doubles before types are checked.
 */
import { EvaluationError, ParseError, TypeError as CelTypeError, type ASTNode, type Environment } from '@marcbachmann/cel-js';
import type { Expression, Node } from '../form.ts';
import { BOUND_ROOTS, createEnvironment, functionNames, lookupName, macroNames, SIZE, type NamedItem, type Names } from './environment.ts';
import { readsOf } from './reads.ts';

export type Parsed = { expression: Expression; mistakes?: never } | { expression?: never; mistakes: string[] };

export interface Language {
  /** Parses an expression whose result must have the CEL type `expected` (`bool`, `double`, `string`, `list<string>`); `row` is the repeat in which it stands. */
  parse(source: string, expected: string, row?: NamedItem): Parsed;
}

const MAX_LENGTH = 4000;

export function createLanguage(names: Names): Language {
  const environments = new Map<string | undefined, Environment>();
  return {
    parse(source, expected, row) {
      const environment = environments.get(row?.key) ?? createEnvironment(names, row);
      environments.set(row?.key, environment);
      return parse(source, expected, environment, new Reader(names, row));
    },
  };
}

function parse(source: string, expected: string, environment: Environment, reader: Reader): Parsed {
  if (source.length > MAX_LENGTH) return { mistakes: [`The expression is longer than ${MAX_LENGTH} characters`] };
  try {
    const parsed = environment.parse(source);
    const tree = reader.read(parsed.ast, new Set());
    if (reader.mistakes.length > 0 || !tree) return { mistakes: reader.mistakes };
    const { valid, type, error } = parsed.check();
    if (!valid) return { mistakes: [describe(error)] };
    if (type !== expected && type !== 'dyn' && !(type === 'list' && expected.startsWith('list'))) {
      return { mistakes: [`The result must be ${plainType(expected)}, but is ${plainType(type ?? 'unknown')}`] };
    }
    return { expression: { source, tree, reads: readsOf(tree, reader.names.items) } };
  } catch (error) {
    return { mistakes: [describe(error)] };
  }
}

/** Reads the library's tree: collects what is not ours, and prepares it for the type check. */
class Reader {
  readonly names: Names;
  readonly row: NamedItem | undefined;
  readonly mistakes: string[] = [];

  constructor(names: Names, row: NamedItem | undefined) {
    this.names = names;
    this.row = row;
  }

  /** Undefined when something in it is a mistake. `variables` are those of the macros around it. */
  read(ast: ASTNode, variables: ReadonlySet<string>): Node | undefined {
    switch (ast.op) {
      case 'value': return this.#literal(ast);
      case 'id': return this.#name(ast, variables);
      case '.': return this.#member(ast, variables);
      case 'call': return this.#call(ast, variables);
      case 'rcall': return this.#macro(ast, variables);
      case 'list': return this.#all(ast.args, variables, (items) => ({ op: 'list', items }));
      case '!_': return this.#all([ast.args], variables, ([of]) => of && { op: 'not', of });
      case '-_': return this.#all([ast.args], variables, ([of]) => of && { op: 'negate', of });
      case '?:': return this.#all(ast.args, variables, ([test, then, otherwise]) => test && then && otherwise && { op: 'if', test, then, else: otherwise });
      case '[]': case '[?]': case '.?': case 'map': return this.#mistake(ast, 'This form of expression is not part of the dialect');
      default: {
        const op = ast.op === '&&' ? 'and' : ast.op === '||' ? 'or' : ast.op;
        return this.#all(ast.args, variables, ([left, right]) => left && right && { op, left, right });
      }
    }
  }

  #all(asts: readonly ASTNode[], variables: ReadonlySet<string>, make: (nodes: Node[]) => Node | undefined): Node | undefined {
    const nodes = asts.map((ast) => this.read(ast, variables));
    return nodes.every((node) => node !== undefined) ? make(nodes) : undefined;
  }

  #literal(ast: Extract<ASTNode, { op: 'value' }>): Node | undefined {
    const value = ast.args;
    if (typeof value === 'bigint') {
      // The node is not checked yet; rewriting it here keeps every position of the source, which rewriting the text would not.
      (ast as { args: unknown }).args = Number(value);
      return { op: 'value', value: Number(value) };
    }
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return { op: 'value', value };
    return this.#mistake(ast, value === null ? 'There is no null; use isEmpty(…)' : 'There is no such kind of value');
  }

  #name(ast: Extract<ASTNode, { op: 'id' }>, variables: ReadonlySet<string>): Node | undefined {
    const name = ast.args;
    if (variables.has(name)) return { op: 'variable', name };
    if (name === 'today') return { op: 'today' };
    if (this.row?.items?.some((item) => item.key === name)) return { op: 'item', key: `${this.row.key}/${name}` };
    if (this.names.items.some((item) => item.key === name)) return { op: 'item', key: name };
    return this.#mistake(ast, `Unknown name '${name}'`);
  }

  #member(ast: Extract<ASTNode, { op: '.' }>, variables: ReadonlySet<string>): Node | undefined {
    const [of, name] = ast.args;
    if (of.op === 'id' && (this.names.roots ?? BOUND_ROOTS).some((root) => root === of.args) && !variables.has(of.args)) {
      const path = `${of.args}.${name}`;
      return this.names.bound.has(path) ? { op: 'bound', path } : this.#mistake(ast, `Unknown name '${path}'`);
    }
    return this.#all([of], variables, ([node]) => node && { op: 'field', of: node, name });
  }

  #call(ast: Extract<ASTNode, { op: 'call' }>, variables: ReadonlySet<string>): Node | undefined {
    const [name, args] = ast.args;
    if (!functionNames.has(name)) return this.#mistake(ast, `Unknown function '${name}'`);
    if (name === 'lookup') return this.#lookup(ast, variables);
    if (name === 'size') (ast.args as [string, ASTNode[]])[0] = SIZE;
    return this.#all(args, variables, (nodes) => ({ op: 'call', name, args: nodes }));
  }

  #lookup(ast: Extract<ASTNode, { op: 'call' }>, variables: ReadonlySet<string>): Node | undefined {
    const [table, ...args] = ast.args[1];
    if (table?.op !== 'value' || typeof table.args !== 'string') return this.#mistake(ast, 'The first argument of lookup is the name of a table');
    const name = table.args;
    const found = this.names.tables.get(name);
    if (!found) return this.#mistake(ast, `Unknown table '${name}'`);
    if (args.length !== found.arguments.length) return this.#mistake(ast, `Table '${name}' takes ${found.arguments.length} arguments (${found.arguments.join(', ')})`);
    (ast as { args: unknown }).args = [lookupName(this.names.tables, name), args];
    return this.#all(args, variables, (nodes) => ({ op: 'call', name: 'lookup', args: [{ op: 'value', value: name }, ...nodes] }));
  }

  #macro(ast: Extract<ASTNode, { op: 'rcall' }>, variables: ReadonlySet<string>): Node | undefined {
    const [method, receiver, args] = ast.args;
    const name = macroNames.find((candidate) => candidate === method);
    const [variable, bodyAst, ...rest] = args;
    if (!name || variable?.op !== 'id' || !bodyAst || rest.length > 0) return this.#mistake(ast, `Unknown method '${method}'`);
    const of = this.read(receiver, variables);
    const body = this.read(bodyAst, new Set([...variables, variable.args]));
    return of && body && { op: 'macro', name, of, variable: variable.args, body };
  }

  #mistake(ast: ASTNode, text: string): undefined {
    this.mistakes.push(`${text} (at character ${ast.start + 1})`);
  }
}

function describe(error: unknown): string {
  if (!(error instanceof ParseError || error instanceof CelTypeError || error instanceof EvaluationError)) throw error;
  const text = error.summary.replaceAll(`${SIZE}(`, 'size(').replace(/'lookup_\d+\(/, "'lookup(").replaceAll(/row_(\w+)/g, 'row of $1').replaceAll('double', 'number');
  return error.range ? `${text} (at character ${error.range.start + 1})` : text;
}

function plainType(type: string): string {
  return { double: 'a number', string: 'a text', bool: 'true or false', 'list<string>': 'a list of codes' }[type] ?? type;
}
