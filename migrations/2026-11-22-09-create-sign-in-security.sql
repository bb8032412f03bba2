-- Signing in: second factors, passkeys, a provider's accounts, sessions that can be told apart, proofs for one act, and opening what one's role does not show.
alter table account add column password_changed_at timestamptz;
update account set password_changed_at = created_at where password_hash is not null;

-- Passwords that may not come again; only where the policy remembers any.
create table former_password (
  account_id uuid not null references account (id),
  created_at timestamptz not null default clock_timestamp(),
  password_hash text not null,
  primary key (account_id, created_at)
);

alter table session add column id uuid not null default gen_random_uuid() unique;
alter table session add column method text not null default 'password' check (method in ('password', 'password+code', 'password+recovery-code', 'passkey', 'provider'));
alter table session add column device text not null default '' check (length(device) <= 60);     -- browser and system, never the whole of what it says
alter table session add column address text not null default '' check (length(address) <= 60);
alter table session add column last_seen_at timestamptz not null default clock_timestamp();
alter table session add column proven_at timestamptz not null default clock_timestamp();           -- when the person last showed who they are
alter table session add column pending text check (pending in ('second-factor'));                  -- what must be done before anything else

-- RFC 6238. The secret is sealed with the key ring; a step of time that was used is never taken again.
create table totp (
  account_id uuid primary key references account (id),
  key_id text not null,
  ciphertext bytea not null,
  confirmed_at timestamptz,
  last_step integer not null default 0,
  created_at timestamptz not null default clock_timestamp()
);

create table recovery_code (
  account_id uuid not null references account (id),
  code_hash bytea not null,
  primary key (account_id, code_hash)
);

create table passkey (
  id uuid primary key,
  account_id uuid not null references account (id),
  credential_id text not null unique,
  public_key bytea not null,
  counter bigint not null,
  transports text not null default '',   -- as the authenticator named them, with commas between
  name text not null,
  created_at timestamptz not null default clock_timestamp(),
  last_used_at timestamptz
);
create index passkey_account on passkey (account_id);

-- Who an OpenID Connect provider's subject is here. Nobody else may come in that way.
create table identity_link (
  issuer text not null,
  subject text not null,
  account_id uuid not null references account (id),
  created_at timestamptz not null default clock_timestamp(),
  last_used_at timestamptz,
  primary key (issuer, subject)
);
create index identity_link_account on identity_link (account_id);

-- What works once and for a short while: links, challenges, states, proofs. Only the SHA-256 of what the person holds.
create table one_time_token (
  token_hash bytea primary key,
  purpose text not null check (purpose in ('password-reset', 'passkey-registration', 'passkey-sign-in', 'passkey-proof', 'provider', 'proof')),
  account_id uuid references account (id),
  session_id uuid,
  detail jsonb not null default '{}',
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null
);
create index one_time_token_account on one_time_token (account_id);
create index one_time_token_expires on one_time_token (expires_at);

-- Break-the-glass: what somebody opened for a while, with the reason they wrote. Rows are closed earlier, never removed.
create table access_opening (
  id uuid primary key,
  site_id uuid not null references site (id),
  account_id uuid not null references account (id),
  level text not null check (level in ('records', 'identifiers')),
  reason text not null check (length(reason) between 10 and 500),
  opened_at timestamptz not null default clock_timestamp(),
  until timestamptz not null,
  closed_at timestamptz,
  check (until > opened_at)
);
create index access_opening_account on access_opening (account_id, until);
create index access_opening_site on access_opening (site_id, opened_at);

grant select, insert, delete on former_password, recovery_code, one_time_token to xf_app;
grant select, insert, update, delete on totp, passkey, identity_link to xf_app;
grant select, insert on access_opening to xf_app;
grant update (until, closed_at) on access_opening to xf_app;
