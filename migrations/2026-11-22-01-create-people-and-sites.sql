-- Who may do what where. `xf_app` is the role every request runs as: it owns nothing, so row-level security binds it.
do $$ begin
  if not exists (select from pg_roles where rolname = 'xf_app') then create role xf_app nologin; end if;
end $$;
-- Who is no superuser must be given the role to become it; where an administrator has done so there is nothing left to do.
do $$ begin
  set local role xf_app;
  reset role;
exception when insufficient_privilege then
  execute format('grant xf_app to %I', current_user);
end $$;

create table site (
  id uuid primary key,
  code text not null unique check (code ~ '^[A-Z]{2}[0-9]{2}$'),
  name text not null,
  name_en text,
  status text not null default 'active' check (status in ('active', 'closed')),
  numbered integer not null default 0,   -- the last number given to a subject, as in XY01-000123
  created_at timestamptz not null default clock_timestamp()
);

create table account (
  id uuid primary key,
  username text not null unique check (username = lower(username)),
  display_name text not null,
  password_hash text not null,
  status text not null default 'active' check (status in ('active', 'disabled')),
  created_at timestamptz not null default clock_timestamp()
);

-- A role at a site; site_id null means the whole network.
create table membership (
  id uuid primary key,
  account_id uuid not null references account (id),
  site_id uuid references site (id),
  role text not null check (role in ('nurse', 'investigator', 'monitor', 'data-manager', 'standards-editor', 'analyst', 'site-administrator', 'system-administrator')),
  created_at timestamptz not null default clock_timestamp()
);
create unique index membership_once on membership (account_id, role, coalesce(site_id, '00000000-0000-0000-0000-000000000000'));
create index membership_site on membership (site_id);

-- The token itself is only in the cookie; here is its SHA-256.
create table session (
  token_hash bytea primary key,
  account_id uuid not null references account (id),
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null
);
create index session_account on session (account_id);
create index session_expires on session (expires_at);

-- Sign-ins that failed, by SHA-256 of the name that was typed: names that no account has are locked out just alike.
create table sign_in_attempt (
  username_hash bytea primary key,
  failures integer not null,
  locked_until timestamptz,
  last_at timestamptz not null default clock_timestamp()
);

-- The one-time link of the first start; used_at closes it.
create table setup_token (
  token_hash bytea primary key,
  created_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  used_at timestamptz
);

-- Sign-ins and administrative acts, which belong to no site. Append-only like audit_event.
create table security_event (
  id uuid primary key,
  at timestamptz not null default clock_timestamp(),
  account_id uuid,
  action text not null,
  detail jsonb not null default '{}'
);
create index security_event_at on security_event (at, id);
