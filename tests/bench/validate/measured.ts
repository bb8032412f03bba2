/** What a cold start says of itself; milliseconds. */
export interface Cold {
  standards: number;
  elements: number;
  kilobytes: number;
  /** From the start of the process until its modules are there. */
  modules: number;
  /** Reading and checking all documents, standards apart. */
  read: number;
  /** Standards to forms, and the closures that evaluate them. */
  compile: number;
  /** All forms as JSON, as they are sent. */
  json: number;
  /** From the start of the process until every form can be sent and every record evaluated. */
  ready: number;
  /** CPU of all threads until then. */
  cpu: number;
  /** Each form compiled and prepared, the first time and the second. */
  first: { name: string; ms: number }[];
  again: { name: string; ms: number }[];
  /** Ajv's check of every form, which the server compiles only for a form that somebody fills in wrongly. */
  checks: number;
  /** Each form's share of that. */
  check: { name: string; ms: number }[];
}
