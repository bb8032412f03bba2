/** Every way a request can fail; each key is a permanent public name (`/problems/<key>`). */
export const problems = {
  'request-invalid': { status: 400, title: 'The request does not have the expected shape' },
  'precondition-required': { status: 428, title: 'Name the version you started from in If-Match' },
  'not-signed-in': { status: 401, title: 'Sign in first' },
  'sign-in-refused': { status: 401, title: 'User name or password is wrong' },
  'second-factor-needed': { status: 401, title: 'Give a code of your app, or a recovery code, too' },
  'second-factor-refused': { status: 401, title: 'The code is wrong or was used before' },
  'second-factor-required': { status: 403, title: 'Set up a second factor first' },
  'password-expired': { status: 403, title: 'Choose a new password' },
  'password-refused': { status: 422, title: 'The password cannot be used' },
  'passkey-refused': { status: 401, title: 'The passkey is not known here' },
  'provider-refused': { status: 401, title: 'The provider named nobody who may sign in here' },
  'proof-required': { status: 403, title: 'Show again who you are' },
  'link-used': { status: 403, title: 'The link is used up, too old or wrong' },
  'account-locked': { status: 429, title: 'Too many failed sign-ins; wait and try again' },
  'too-many-requests': { status: 429, title: 'Too many requests; wait and try again' },
  'not-permitted': { status: 403, title: 'Your role does not allow this here' },
  'foreign-origin': { status: 403, title: 'Requests from another page are refused' },
  'setup-closed': { status: 403, title: 'The one-time link is used up or wrong' },
  'not-found': { status: 404, title: 'There is nothing at this address' },
  'site-not-found': { status: 404, title: 'No such site' },
  'subject-not-found': { status: 404, title: 'No such patient' },
  'visit-not-found': { status: 404, title: 'No such visit' },
  'record-not-found': { status: 404, title: 'No such record' },
  'image-not-found': { status: 404, title: 'No such image' },
  'standard-not-found': { status: 404, title: 'No such sub-dataset or version' },
  'protocol-not-found': { status: 404, title: 'No such protocol or version' },
  'run-not-found': { status: 404, title: 'No such run of a protocol' },
  'release-not-found': { status: 404, title: 'No such release' },
  'possible-duplicate': { status: 409, title: 'A patient with the same identifier is enrolled already' },
  'record-conflict': { status: 409, title: 'Somebody else changed the same values' },
  'record-version-conflict': { status: 412, title: 'The record has no such version' },
  'record-locked': { status: 409, title: 'The record is signed or locked' },
  'contribution-reused': { status: 409, title: 'This contribution id was used for another act' },
  'name-taken': { status: 409, title: 'This name or number is in use' },
  'run-exists': { status: 409, title: 'This protocol is already run for this visit and lesion' },
  'run-closed': { status: 409, title: 'The run is closed' },
  'moment-recorded': { status: 409, title: 'This time is recorded already' },
  'step-incomplete': { status: 422, title: 'The step cannot be completed yet' },
  'aliquots-unnamed': { status: 422, title: 'The aliquots cannot be named yet' },
  'record-incomplete': { status: 422, title: 'The record cannot be completed yet' },
  'data-invalid': { status: 422, title: 'The data break the standard' },
  'standard-invalid': { status: 422, title: 'The standard has mistakes' },
  'filter-invalid': { status: 422, title: 'The filter has a mistake' },
  'image-too-large': { status: 413, title: 'The picture is larger than 50 MB' },
  'image-unreadable': { status: 422, title: 'The file is not a whole picture' },
  'image-type-refused': { status: 415, title: 'The file is not a JPEG, PNG, WebP, TIFF or HEIC picture' },
  'subject-erased': { status: 409, title: 'What identified this patient has been erased' },
  'identifiers-unreadable': { status: 500, title: 'What identifies this patient cannot be decrypted; tell whoever keeps the keys' },
  'storage-full': { status: 507, title: 'The disk is full; nothing was stored' },
  'database-unavailable': { status: 503, title: 'The database does not answer; try again shortly' },
  'internal': { status: 500, title: 'Something went wrong here' },
} as const;

export type ProblemName = keyof typeof problems;

/** A place in what was sent, and what is wrong there; never the value itself. */
export interface FieldError {
  pointer: string;
  detail: string;
}

/** A failure with a public name. `extra` is put beside the standard members of RFC 9457. */
export class Problem extends Error {
  readonly key: ProblemName;
  readonly errors: readonly FieldError[] | undefined;
  readonly extra: { readonly [member: string]: unknown } | undefined;

  constructor(key: ProblemName, errors?: readonly FieldError[], extra?: { readonly [member: string]: unknown }) {
    super(problems[key].title);
    this.name = 'Problem';
    this.key = key;
    this.errors = errors;
    this.extra = extra;
  }
}

/** Throws, as an expression: `found ?? fail('record-not-found')`. */
export function fail(key: ProblemName, errors?: readonly FieldError[], extra?: { readonly [member: string]: unknown }): never {
  throw new Problem(key, errors, extra);
}
