/** Makes a compiled protocol run: its expressions as closures over the records of the steps. */
import { prepareExpression } from '../expression/evaluate.ts';
import { boundOf } from '../expression/reads.ts';
import type { Data, Expression } from '../form.ts';
import type { Protocol } from './protocol.ts';
import type { RunFacts, RunRecord } from './run.ts';

/** Which record an expression is asked of: that of `record` for its own step, for other steps the first that has a value. */
export type Ask = (facts: RunFacts, record?: RunRecord) => unknown;

export interface PreparedProtocol {
  readonly protocol: Protocol;
  /** The closure of one of the protocol's expressions. */
  ask(expression: Expression): Ask;
  /** The elements (`tissue.pieceType`) that an expression reads and that have no value. */
  unanswered(expression: Expression, facts: RunFacts, record?: RunRecord): string[];
  /** Whether a picture is as it must be; true where the protocol does not say. */
  isAccepted(picture: Data): boolean;
}

export function prepareProtocol(protocol: Protocol): PreparedProtocol {
  const known = new Map<Expression, { run: ReturnType<typeof prepareExpression>; paths: string[] }>();
  const prepared = (expression: Expression) => {
    const found = known.get(expression) ?? { run: prepareExpression(expression, {}), paths: boundOf(expression.tree) };
    known.set(expression, found);
    return found;
  };
  const accepted = protocol.pictures?.accepted;
  return {
    protocol,
    ask(expression) {
      const { run, paths } = prepared(expression);
      return (facts, record) => run({ values: {}, today: facts.now.slice(0, 10), bound: Object.fromEntries(paths.map((path) => [path, valueAt(path, facts, record)])) });
    },
    unanswered: (expression, facts, record) => prepared(expression).paths.filter((path) => valueAt(path, facts, record) === undefined),
    isAccepted(data) {
      if (!accepted) return true;
      const { run, paths } = prepared(accepted);
      return run({ values: {}, today: '', bound: Object.fromEntries(paths.map((path) => [path, data[path.slice('picture.'.length)]])) }) === true;
    },
  };
}

function valueAt(path: string, { records }: RunFacts, record: RunRecord | undefined): unknown {
  const dot = path.indexOf('.');
  const [step, key] = [path.slice(0, dot), path.slice(dot + 1)];
  if (record?.step === step) return record.data[key];
  return records.find((each) => each.step === step && each.data[key] !== undefined)?.data[key];
}
