/** What each route asks of whoever calls it. A new route needs a line here: `tests/server/matrix.test.ts` fails until it has one. */
import type { Permission } from '../../../schemas/http/api.ts';

export interface Need {
  /** At the hospital of the address, or at every hospital that the body names. */
  at?: Permission;
  /** At one hospital at least; what is reached by it is the service's to say. */
  somewhere?: Permission;
  /** In the whole network. */
  network?: Permission;
  /** Anybody who is signed in: their own account, or what everybody may know. */
  self?: true;
  /** Nobody need be signed in. */
  open?: true;
  /** Leaves nothing to be asked of the same person afterwards. */
  ends?: true;
}

const [self, open] = [{ self: true }, { open: true }] as const;
const at = (permission: Permission): Need => ({ at: permission });
const administers: Need = { somewhere: 'account:write' };
const reads: Need = { somewhere: 'standard:read' };
const site = '/api/sites/{siteId}';

export const needs: { readonly [route: string]: Need } = {
  'get /api/health': open, 'get /api/setup': open, 'post /api/setup': open, 'get /api/session/ways': open, 'post /api/session': open, 'delete /api/session': { ...open, ends: true },
  'post /api/session/passkey/options': open, 'post /api/session/passkey': open, 'post /api/password-reset': open, 'get /api/session/provider': open, 'get /api/session/provider/callback': open,
  'get /api/session': self, 'post /api/session/proof': self, 'post /api/session/proof/options': self, 'get /api/account': self, 'put /api/account/password': self,
  'post /api/account/totp': self, 'put /api/account/totp': self, 'delete /api/account/totp': self, 'post /api/account/recovery-codes': self,
  'post /api/account/passkeys/options': self, 'post /api/account/passkeys': self, 'put /api/account/passkeys/{id}': self, 'delete /api/account/passkeys/{id}': self,
  'delete /api/account/sessions': self, 'delete /api/account/sessions/{id}': self,
  'get /api/openings/sites': self, 'post /api/openings': self, 'delete /api/openings/{id}': self, [`get ${site}/openings`]: at('audit:read'),
  'get /api/sites': self, 'post /api/sites': { network: 'site:write' }, 'put /api/sites/{id}': administers,
  'get /api/accounts': administers, 'post /api/accounts': administers, 'put /api/accounts/{id}': administers, 'put /api/accounts/{id}/memberships': administers, 'put /api/accounts/{id}/status': administers,
  'post /api/accounts/{id}/reset': administers, 'get /api/accounts/{id}/sessions': administers, 'delete /api/accounts/{id}/sessions': administers, 'put /api/accounts/{id}/provider': administers,
  'get /api/standards': reads, 'get /api/standards/{subDataset}/{version}': reads, 'get /api/forms/{subDataset}/{version}': reads, 'get /api/forms/{subDataset}/{version}/structure.js': reads,
  'get /api/identity': reads, 'get /api/identity/structure.js': reads, 'get /api/value-sets/{id}/{version}/codes': reads, 'post /api/value-sets/{id}/{version}/codes': reads, 'get /api/value-sets/{id}/{version}/codes.json': reads,
  'get /api/dictionary': reads, 'get /api/dictionary/history/{subDataset}': reads, 'get /api/dictionary/value-sets/{id}/{version}': reads, 'get /api/dictionary/files/{file}': reads,
  'get /api/models': self, 'get /api/models/{model}/{file}': self, 'get /api/protocols': self, 'get /api/protocols/{name}/{version}': self,
  [`post ${site}/people/search`]: at('record:write'), [`post ${site}/people/names`]: at('record:read'),
  [`get ${site}/subjects/`]: at('subject:read'), [`post ${site}/subjects/`]: at('subject:write'), [`post ${site}/subjects/search`]: at('subject:read'),
  [`get ${site}/subjects/{id}`]: at('subject:read'), [`put ${site}/subjects/{id}`]: at('subject:write'), [`get ${site}/subjects/{id}/identifiers`]: at('subject:read-identifiers'),
  [`get ${site}/subjects/{id}/identifiers/history`]: at('subject:read-identifiers'), [`get ${site}/subjects/{id}/accesses`]: at('audit:read'), [`post ${site}/subjects/{id}/erasure`]: at('subject:erase'),
  [`get ${site}/subjects/{id}/context`]: at('subject:read'), [`post ${site}/subjects/{subjectId}/visits`]: at('subject:write'), [`get ${site}/subjects/{subjectId}/visits/{id}/details`]: at('subject:read'),
  [`put ${site}/subjects/{subjectId}/visits/{id}/details`]: at('subject:write'), [`post ${site}/subjects/{subjectId}/lesions`]: at('subject:write'), [`post ${site}/subjects/{subjectId}/specimens`]: at('subject:write'),
  [`post ${site}/subjects/{subjectId}/images`]: at('image:write'), [`get ${site}/images/{id}`]: at('image:read'), [`get ${site}/images/{id}/thumbnail`]: at('image:read'),
  [`get ${site}/records/{id}`]: at('record:read'), [`put ${site}/records/{id}`]: at('record:write'), [`get ${site}/records/{id}/history`]: at('record:read'), [`get ${site}/records/{id}/xml`]: at('record:read'), [`post ${site}/records/xml`]: at('record:write'),
  [`get ${site}/protocol-runs/`]: at('record:read'), [`post ${site}/protocol-runs/`]: at('record:write'), [`get ${site}/protocol-runs/{id}`]: at('record:read'), [`post ${site}/protocol-runs/{id}/records`]: at('record:write'),
  [`post ${site}/protocol-runs/{id}/steps/{step}/complete`]: at('record:write'), [`post ${site}/protocol-runs/{id}/steps/{step}/skip`]: at('record:write'), [`post ${site}/protocol-runs/{id}/deviations`]: at('record:write'),
  [`post ${site}/protocol-runs/{id}/aliquots`]: at('record:write'), [`post ${site}/protocol-runs/{id}/close`]: at('record:write'), [`get ${site}/protocol-runs/{id}/labels.pdf`]: at('record:read'), [`get ${site}/protocol-runs/{id}/run-sheet.pdf`]: at('record:read'),
  'post /api/exports/preview': at('export:run'), 'post /api/exports': at('export:run'),
};
