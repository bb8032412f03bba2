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
});
