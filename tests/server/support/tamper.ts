/** Random tampering with history by somebody who owns the tables and has switched the triggers off. Always the same for the same seed. */
import { sql } from 'kysely';
import type { Trx } from '../../../server/database.ts';
import { rewrite } from './rewrite.ts';

type Tampering = readonly [name: string, statements: (draw: (most: number) => number, site: string) => string[]];

/** One row of a table, by chance. */
const row = (table: string, draw: (most: number) => number, where = 'true') => `(select ctid from ${table} where ${where} order by md5(ctid::text || '${draw(1e9)}') limit 1)`;

/** Columns of a table and what to make of them; each of these is one kind of change. */
const changes: { readonly [table: string]: readonly string[] } = {
  audit_event: [
    "at = at + interval '1 microsecond'", "account_id = gen_random_uuid()", "action = action || 'x'", "entity = entity || 'x'", 'entity_id = gen_random_uuid()', `detail = detail || '{"x": 1}'`,
    'subject_id = gen_random_uuid()', `device = '{"agent": "x"}'`, "digest = sha256(digest)", "digest = ''", 'contribution_id = gen_random_uuid()', "id = overlay(id::text placing 'ffff' from 33 for 4)::uuid",
  ],
  security_event: ["at = at - interval '1 day'", "action = action || 'x'", 'account_id = gen_random_uuid()', `detail = detail || '{"x": 1}'`, 'digest = sha256(digest)', "digest = ''"],
  record_version: [
    `data = data || '{"note": "other"}'`, `missing = missing || '{"/note": "refused"}'`, `parked = parked || '{"/note": "x"}'`, `disabled = disabled || '["/x"]'`, 'hard_findings = hard_findings + 1', 'soft_findings = soft_findings + 1',
    "digest = repeat('a', 64)", "created_at = created_at + interval '1 microsecond'", 'created_by = gen_random_uuid()', "status = 'complete'", "standard_version = '1.0.1'", `origin = '{"kind": "import"}'`, 'chain = sha256(chain)', "chain = ''",
    'contribution_id = gen_random_uuid()', 'record_id = gen_random_uuid()',
  ],
  contribution: ["kind = kind || 'x'", 'request_digest = sha256(request_digest)', `response = '{"version": 77}'`, "reason = coalesce(reason, '') || 'x'", "created_at = created_at - interval '1 hour'", 'created_by = gen_random_uuid()', 'id = gen_random_uuid()'],
  history_anchor: [
    "statement = replace(statement, '\"events\":', '\"events\":1')", 'digest = sha256(digest)', "signature = set_byte(signature, 7, (get_byte(signature, 7) + 1) % 256)", 'members = set_byte(members, 20, (get_byte(members, 20) + 1) % 256)',
    'members = substr(members, 49)', 'number = number + 100', 'first_id = gen_random_uuid()',
  ],
  record: ['version = version - 1', 'version = version + 1', 'subject_id = gen_random_uuid()', "sub_dataset = 'other'", "standard_version = '9.0.0'", "status = 'complete'"],
};

const changing = Object.entries(changes).flatMap(([table, sets]) => sets.map((set, at): Tampering => [`change ${table} ${at}`, (draw) => [`update ${table} set ${set} where ctid = ${row(table, draw)}`]]));
const deleting = Object.keys(changes).map((table): Tampering => [`delete ${table}`, (draw) => [`delete from ${table} where ctid = ${row(table, draw)}`]]);

const inside = "(select max(at) - interval '1 second' from audit_event)";
const others: readonly Tampering[] = [
  ['insert a copy of an event', (draw) => [`insert into audit_event select site_id, gen_random_uuid(), at, account_id, action, entity, entity_id, contribution_id, detail, subject_id, device, digest from audit_event where ctid = ${row('audit_event', draw)}`]],
  // Well made, only that no anchor knows it: nothing but the anchors can tell.
  ['insert a sound event into the past', (draw, site) => [`
    with made as (select '01900000-0000-7000-8000-${String(draw(1e9)).padStart(12, '0')}'::uuid as id, ${inside} as at)
    insert into audit_event (site_id, id, at, account_id, action, entity, entity_id, detail, digest)
    select '${site}', id, at, '${site}', 'image.read', 'image', '${site}', '{}', sha256(sha256(convert_to(
      '["event",1,"${site}","' || id || '","${site}","image.read","image","${site}",null,null,null,{},null]', 'UTF8')) || timestamptz_send(at)) from made`]],
  ['insert a version', (draw) => [`insert into record_version select site_id, record_id, version + 1, contribution_id, standard_version, status, data, missing, parked, disabled, hard_findings, soft_findings, origin, digest, created_at, created_by, chain
    from record_version v where ctid = ${row('record_version', draw, 'version = 4')}`]],
  ['insert a contribution', (draw) => [`insert into contribution select site_id, gen_random_uuid(), kind, request_digest, response, reason, created_at, created_by from contribution where ctid = ${row('contribution', draw)}`]],
  ['insert an anchor', (draw) => [`insert into history_anchor select site_id, number + 50, statement, digest, signature, members, first_id from history_anchor where ctid = ${row('history_anchor', draw)}`]],
  ['reorder two versions', (draw) => [`
    with pair as (select record_id from record_version where ctid = ${row('record_version', draw, 'version = 4')})
    update record_version v set data = o.data, digest = o.digest, missing = o.missing, parked = o.parked, chain = o.chain from record_version o
    where v.record_id = (select record_id from pair) and o.record_id = v.record_id and v.version in (2, 3) and o.version = 5 - v.version`]],
  ['reorder two events', (draw) => [`
    with pair as (select entity_id from audit_event where ctid = ${row('audit_event', draw, "action = 'record.save'")}),
      ordered as (select ctid as place, at, row_number() over (order by id) as n from audit_event where entity_id = (select entity_id from pair))
    update audit_event e set at = o.at from ordered mine, ordered o where e.ctid = mine.place and mine.n in (1, 2) and o.n = 3 - mine.n`]],
  ['reorder two anchors', () => ['update history_anchor set number = -number where number in (1, 2)'.replaceAll('-number', '1000 + number'), 'update history_anchor set number = 1003 - number where number in (1001, 1002)']],
  ['cut the tail of a record, with all that tells of it', (draw) => [`create temporary table cut on commit drop as select record_id, contribution_id from record_version where ctid = ${row('record_version', draw, 'version = 4')}`,
    'delete from audit_event where contribution_id in (select contribution_id from cut)', 'delete from contribution where id in (select contribution_id from cut)', 'delete from record_version where contribution_id in (select contribution_id from cut)',
    'update record set version = 3 where id in (select record_id from cut)']],
  ['cut the tail of the events', (draw, site) => [`create temporary table cut on commit drop as select id, contribution_id from audit_event where site_id = '${site}' and contribution_id is null order by id desc limit ${1 + draw(5)}`, 'delete from audit_event where id in (select id from cut)']],
  ['cut the tail of the security events', (draw) => [`delete from security_event where id in (select id from security_event order by id desc limit ${1 + draw(2)})`]],
  // The anchors that would tell are gone too: the site's files are the witness.
  ['cut the tail of the anchors', (draw, site) => [`delete from history_anchor where site_id = '${site}' and number > ${draw(3)}`]],
  ['cut the tail of everything', (draw, site) => [`create temporary table cut on commit drop as select e.id, e.contribution_id, e.entity_id from audit_event e where site_id = '${site}' order by id desc limit ${1 + draw(3)}`,
    'delete from audit_event where id in (select id from cut)', 'delete from contribution where id in (select contribution_id from cut)', 'delete from record_version where contribution_id in (select contribution_id from cut)',
    'delete from record r where not exists (select from record_version v where v.record_id = r.id)', 'update record r set version = (select max(version) from record_version v where v.record_id = r.id)', `delete from history_anchor where site_id = '${site}' and number = (select max(number) from history_anchor where site_id = '${site}')`]],
  ['write a chain anew from one version on', (draw) => [`
    update record_version set data = data || '{"note": "other"}', chain = sha256(chain || 'x') where ctid = ${row('record_version', draw)}`]],
];

const all: readonly Tampering[] = [...changing, ...deleting, ...others];
const rewriting = 'write values and all digests anew';
export const kindsOfTampering: readonly string[] = [...all.map(([name]) => name), rewriting];

/** Gives what was done. Each kind comes in turn, each time to other rows. */
export async function tamper(trx: Trx, siteId: string, seed: number): Promise<string> {
  let state = (seed * 2_654_435_761 + 12_345) >>> 0;
  const draw = (most: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
  // Kinds are taken with a step that shares no factor with their number, so that a short run has some of each sort.
  const [name, statements] = all[(seed * 37) % kindsOfTampering.length] ?? [rewriting, () => []];
  if (name === rewriting) await rewrite(trx, siteId, draw(1e9), 1 + draw(4));
  for (const statement of statements(draw, siteId)) await sql.raw(statement).execute(trx);
  return name;
}
