/** What an attacker types. Every payload carries a canary, a word that nobody else would write: where it turns up tells what was done with it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const isAcceptance = process.env['XF_ACCEPTANCE'] === '1';
export const canary = 'xfcanary';

/** What template engines, shells and databases would make of the products in `payloads`; no reply may hold it. */
export const computed = ['51724063', '37015056'];

/** By kind of attack; `@` stands for the canary. Files and tables named here must not exist afterwards. */
export const payloads: { readonly [kind: string]: readonly string[] } = {
  sql: [
    "' or '@'='@", "@'; drop table record cascade; --", "@'); delete from subject; --", '@" or 1=1 --', "@' union select username, password_hash from account --",
    "1; create table @_made(x int); --", "@'||(select pg_sleep(9))||'", "'; copy (select '@') to program 'touch /tmp/@' --", "\\'; @", "@' and 1=cast(version() as int) --", '$$@$$; select 1', '@\u02bc or 1=1',
    "->>'@'", "@'; set role postgres; --", "@'; reset role; select set_config('xf.sites','*',false) --",
  ],
  nosql: ['{"$gt":"@"}', '{"$where":"sleep(9000)//@"}', "';return true;//@", '[$ne]=@'],
  path: ['../../../../etc/passwd@', '..%2f..%2f..%2f@', '....//....//@', '/etc/passwd\u0000@', 'file:///etc/passwd#@', '\\\\..\\..\\@', '%c0%ae%c0%ae/@'],
  header: ['@\r\nSet-Cookie: xf_session=@', '@\nX-Injected: @', '@%0d%0aLocation: https://@.example', '\u560d\u560a@'],
  template: ['{{7191*7193}}@', '${7191*7193}@', '#{7191*7193}@', '<%= 7191*7193 %>@', '@$(expr 6084 \\* 6084)', '@`touch /tmp/@`', '@; touch /tmp/@', '{{constructor.constructor("return process")()}}@', '${jndi:ldap://127.0.0.1/@}'],
  formula: ['=cmd|\' /C calc\'!A0@', '+@', '-1+1@', '@SUM(1)@', '＝1+1@', '\t=1@'],
  script: ['<script>@</script>', '"><img src=x onerror=@>', 'javascript:@', "'-alert(1)-'@", '<svg/onload=@>', '</title><script>@</script>', '&#60;script&#62;@'],
  unicode: [
    '@\u0000', '\u0000', '\ud800@', '@\udc00', '\u202e@', '\ufeff@', '\u200b@\u200d', '😀@', 'İ@ı', 'ﬃ@', '①@', 'e\u0301@', '@\u2028\u2029', '\u0007@\u001b[2J', '𠜎@', '@'.repeat(50), 'é'.repeat(3000),
  ],
  odd: ['', ' ', 'null', 'undefined', 'NaN', '-1', '1e400', '0x@', 'true', '[]', '{}', '%', '%00', '%ff@', '__proto__', 'constructor', '00000000-0000-0000-0000-000000000000', '(((((@', '[[[[@', 'a{99999}@', '(a+)+$@', '.'.repeat(2000)],
};

export const all = (): string[] => Object.values(payloads).flat().map((text) => text.replaceAll('@', canary));

/** One or two of each kind, others at each call: over all places of a run each payload gets its turn. */
export function rotating(): () => string[] {
  const kinds = Object.values(payloads);
  let turn = 0;
  return () => {
    turn += 1;
    return kinds.flatMap((kind) => [kind[(turn * 2) % kind.length], kind[(turn * 2 + 1) % kind.length]]).flatMap((text) => (text === undefined ? [] : [text.replaceAll('@', canary)]));
  };
}

/** The lines of the shared lists; none where they are not there. */
export function shared(): string[] {
  const folder = join(process.env['XF_SHARED'] ?? fileURLToPath(new URL('../../../../../shared', import.meta.url)), 'corpus');
  if (!existsSync(join(folder, 'payloads'))) return [];
  const lines = readdirSync(join(folder, 'payloads')).filter((name) => !/\.(svg|xml|md)$/.test(name))
    .flatMap((name) => readFileSync(join(folder, 'payloads', name), 'utf8').split(/\r?\n/)).filter((line) => line.trim() !== '');
  const naughty = JSON.parse(readFileSync(join(folder, 'text', 'blns.json'), 'utf8')) as string[];
  return [...new Set([...lines, ...naughty])];
}
