import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig, usualConnections } from '../../server/config.ts';
import { usualPolicy } from '../../server/services/policy.ts';

const checkout = resolve(import.meta.dirname, '../..');

describe('the settings', () => {
  test('have a default for everything, which opens nothing to the network', () => {
    expect(readConfig({})).toEqual({
      host: '127.0.0.1', port: 8080, dataFolder: resolve(checkout, 'data'), connections: usualConnections, keysFile: resolve(checkout, 'data/keys.json'), keySource: {}, demo: false, rateLimits: true, policy: { ...usualPolicy, origin: 'http://localhost:8080' },
    });
  });

  test('take a path from where the person is', () => {
    expect(readConfig({ XF_DATA: 'clinic', XF_KEYS_FILE: '/keys/a.json' }, [], '/srv')).toMatchObject({ dataFolder: '/srv/clinic', keysFile: '/keys/a.json' });
  });

  test.each([[{}, ['--demo']], [{ XF_DEMO: '1' }, []]])('keep the demonstration apart: %j %j', (environment, flags) => {
    expect(readConfig(environment, flags)).toMatchObject({ demo: true, dataFolder: resolve(checkout, 'data-demo') });
  });

  test.each([
    ['postgresql://user:secret@db.example:5432/clinic'], ['postgres://localhost/clinic'], ['postgresql:///clinic?host=/var/run/postgresql'],
  ])('take the database %s', (databaseUrl) => {
    expect(readConfig({ DATABASE_URL: databaseUrl }).databaseUrl).toBe(databaseUrl);
  });

  test('that are empty are as if not set', () => {
    expect(readConfig({ PORT: '', DATABASE_URL: ' ', XF_DATA: '' })).toEqual(readConfig({}));
  });

  test.each([
    [{ PORT: '80a' }, 'PORT'], [{ PORT: '-1' }, 'PORT'], [{ PORT: '65536' }, 'PORT'], [{ PORT: '8080.5' }, 'PORT'],
    [{ XF_CONNECTIONS: '1' }, 'XF_CONNECTIONS'], [{ XF_DEMO: 'yes' }, 'XF_DEMO'],
    [{ DATABASE_URL: 'mysql://u:secret@h/d' }, 'DATABASE_URL'], [{ DATABASE_URL: 'u:secret@h' }, 'DATABASE_URL'],
  ])('that cannot be used are named, without a password: %j', (environment, name) => {
    const read = () => readConfig(environment);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(name);
    expect(read).not.toThrow('secret');
  });

  test('are all named at once', () => {
    expect(() => readConfig({ PORT: 'a', XF_CONNECTIONS: 'b', XF_DEMO: 'c' }, ['--nonsense'])).toThrow(/--nonsense[^]*XF_DEMO[^]*PORT[^]*XF_CONNECTIONS/);
  });

  test('of signing in become a policy', () => {
    expect(readConfig({ XF_PASSWORD_POLICY: 'mlps' }).policy).toMatchObject({ passwords: { least: 10, isMixed: true, lastsDays: 90, remembered: 5 }, idleMs: 600_000 });
    expect(readConfig({ XF_PASSWORD_LENGTH: '15', XF_SECOND_FACTOR: 'analyst, monitor', XF_IDLE_MINUTES: '30', XF_SESSION_HOURS: '8', XF_ORIGIN: 'https://forms.hospital.example/', XF_PASSKEY_DOMAIN: 'hospital.example' }).policy).toEqual({
      passwords: { least: 15, isMixed: false, remembered: 0 }, secondFactor: ['analyst', 'monitor'], idleMs: 1_800_000, longestMs: 28_800_000, origin: 'https://forms.hospital.example', passkeyDomain: 'hospital.example',
    });
    expect(readConfig({ XF_ORIGIN: 'https://f.example', XF_OIDC_ISSUER: 'https://id.example', XF_OIDC_CLIENT_ID: 'xf', XF_OIDC_SECRET: 's' }).policy.provider).toEqual({ issuer: 'https://id.example', clientId: 'xf', clientSecret: 's', name: 'id.example', makesAccounts: false });
  });

  test.each([
    ['XF_PASSWORD_POLICY', 'none'], ['XF_PASSWORD_LENGTH', '7'], ['XF_SECOND_FACTOR', 'nurse,nobody-there'], ['XF_IDLE_MINUTES', '0'], ['XF_SESSION_HOURS', '25'], ['XF_ORIGIN', 'http://forms.example'], ['XF_ORIGIN', 'https://forms.example/app'],
    ['XF_PASSKEY_DOMAIN', 'elsewhere.example'], ['XF_OIDC_ISSUER', 'http://id.example'], ['XF_OIDC_SECRET_FILE', '/nowhere/at/all'],
  ])('refuse %s=%s', (name, value) => {
    const provider = name.startsWith('XF_OIDC') ? { XF_OIDC_ISSUER: 'https://id.example', XF_OIDC_CLIENT_ID: 'xf', XF_ORIGIN: 'https://f.example' } : {};
    expect(() => readConfig({ ...provider, [name]: value })).toThrow(name);
  });
});
