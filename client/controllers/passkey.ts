/** What the browser does with passkeys. Its code comes when a button for it is pressed, and not before. */
import * as api from '../account-api.ts';
import type { Passkey } from '../../schemas/http/account-api.ts';
import type { Me } from '../../schemas/http/api.ts';

/** The person closed the browser's question, or let it run out. */
export class PasskeyCancelledError extends Error {
  constructor() {
    super('The passkey was not given');
    this.name = 'PasskeyCancelledError';
  }
}

/** Does the page stand where passkeys are bound to, in a browser that knows them? */
export function canUsePasskeys(passkeysAt: string | undefined): boolean {
  return passkeysAt === location.origin && typeof PublicKeyCredential === 'function';
}

/** @throws PasskeyCancelledError | Problem `passkey-refused` */
export async function signInByPasskey(): Promise<Me> {
  return api.signInWithPasskey(await answer(await api.beginPasskeySignIn()));
}

/** @throws PasskeyCancelledError | Problem `proof-required`, `passkey-refused` */
export async function makePasskey(name: string): Promise<Passkey> {
  const optionsJSON = await api.beginPasskey() as Parameters<typeof import('@simplewebauthn/browser').startRegistration>[0]['optionsJSON'];
  const { startRegistration } = await import('@simplewebauthn/browser');
  return api.addPasskey(name, await startRegistration({ optionsJSON }).catch(() => { throw new PasskeyCancelledError(); }));
}

/** Shows again who one is. @throws PasskeyCancelledError | Problem `passkey-refused` */
export async function proveByPasskey(act: string): Promise<string> {
  return (await api.prove({ act, passkey: await answer(await api.beginProof()) })).proof;
}

async function answer(options: object): Promise<object> {
  const { startAuthentication } = await import('@simplewebauthn/browser');
  return startAuthentication({ optionsJSON: options as Parameters<typeof startAuthentication>[0]['optionsJSON'] }).catch(() => { throw new PasskeyCancelledError(); });
}
