import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalize } from '../../../schemas/canonical.ts';
import { agentClass, deviceOf } from '../../../schemas/history/device.ts';
import { createMerkleTree } from '../../../schemas/history/merkle.ts';
import { eventText, versionText, type EventFacts, type VersionFacts } from '../../../schemas/history/texts.ts';

const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest());
const rootOf = (members: readonly Uint8Array[]) => {
  const tree = createMerkleTree(sha256);
  for (const member of members) tree.add(member);
  return Buffer.from(tree.root()).toString('hex');
};

describe('the Merkle tree', () => {
  // Test vectors of RFC 6962, as in the tests of certificate-transparency.
  const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map((hex) => Buffer.from(hex, 'hex'));
  test.for([
    [0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'], [1, '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d'],
    [2, 'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'], [3, 'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77'],
    [5, '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4'], [8, '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'],
  ] as const)('of %i leaves is that of RFC 6962', ([count, root]) => {
    expect(rootOf(leaves.slice(0, count))).toBe(root);
  });

  test('changes with every member, every order and every length', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.uint8Array({ minLength: 4, maxLength: 8 }), { minLength: 2, maxLength: 20, selector: (bytes) => bytes.join() }), fc.nat(), (members, at) => {
      const index = at % members.length;
      const other = members.map((member, each) => (each === index ? sha256(member) : member));
      const roots = [members, other, members.toReversed(), members.slice(0, -1), [...members, new Uint8Array()]].map(rootOf);
      expect(new Set(roots).size).toBe(roots.length);
    }));
  });
});

describe('the texts of history', () => {
  const version: VersionFacts = {
    siteId: 's', recordId: 'r', version: 3, subjectId: 'p', subDataset: 'd', contributionId: 'c', standardVersion: '1.0.0', status: 'complete', digest: 'ab', disabled: '["/x"]', hardFindings: 0, softFindings: 1, origin: null, accountId: 'a',
  };
  const event: EventFacts = {
    siteId: 's', id: 'e', accountId: 'a', action: 'record.save', entity: 'record', entityId: 'r', subjectId: null, contributionId: 'c', covered: { requestDigest: '00', response: '{"version":3}', reason: '复核"更正' }, detail: '{}', device: null,
  };

  test('are canonical JSON', () => {
    for (const text of [versionText(version), eventText(event), eventText({ ...event, covered: null, device: '{"agent":"x"}' })]) expect(canonicalize(JSON.parse(text))).toBe(text);
  });

  test('change with every fact', () => {
    const others: Partial<VersionFacts>[] = [
      { siteId: 'x' }, { recordId: 'x' }, { version: 4 }, { subjectId: 'x' }, { subDataset: 'x' }, { contributionId: 'x' }, { standardVersion: '1.0.1' }, { status: 'signed' }, { digest: 'cd' }, { disabled: '[]' }, { hardFindings: 1 }, { softFindings: 0 }, { origin: '{}' }, { accountId: 'x' },
    ];
    expect(new Set([version, ...others.map((other) => ({ ...version, ...other }))].map(versionText)).size).toBe(Object.keys(version).length + 1);
    const changed: Partial<EventFacts>[] = [
      { siteId: null }, { id: 'x' }, { accountId: null }, { action: 'x' }, { entity: null }, { entityId: null }, { subjectId: 'x' }, { contributionId: null }, { covered: null }, { detail: '[]' }, { device: '{}' },
    ];
    expect(new Set([event, ...changed.map((other) => ({ ...event, ...other }))].map(eventText)).size).toBe(Object.keys(event).length + 1);
  });
});

describe('a device', () => {
  test.for([
    ['Mozilla/5.0 (Linux; Android 13; SM-T500) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36', 'chrome/android/tablet'],
    ['Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36', 'chrome/android/phone'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0', 'edge/windows/desktop'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:132.0) Gecko/20100101 Firefox/132.0', 'firefox/macos/desktop'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1', 'safari/ios/phone'],
    ['curl/8.5.0', 'other/other/other'],
  ] as const)('%s is of a class', ([agent, name]) => expect(agentClass(agent)).toBe(name));

  test('keeps nothing that is not of its shape', () => {
    fc.assert(fc.property(fc.string(), fc.string(), fc.string(), (id, at, offline) => {
      const device = deviceOf({ 'x-device-id': id, 'x-device-time': at, 'x-device-offline': offline }, 'other/other/other');
      expect(Object.keys(device).filter((key) => key !== 'agent' && key !== 'offline')).toEqual([]);
    }));
    expect(deviceOf({ 'x-device-time': '2026-11-22T08:00:00.123+08:00', 'x-device-offline': '1' }, 'a')).toEqual({ agent: 'a', at: '2026-11-22T08:00:00.123+08:00', offline: true });
  });
});
