-- Each patient has a key, wrapped by a key of the site, which is wrapped by the key ring; the ring itself is never in the database. Who
-- destroys a patient's key erases all that it sealed. `xf_keeper` is the role of the few acts that may: it does what xf_app does, and that.
do $$ begin
  if not exists (select from pg_roles where rolname = 'xf_keeper') then create role xf_keeper nologin; end if;
end $$;
-- As for xf_app: where an administrator has made both and given them, there is nothing left to do.
do $$ begin
  if not pg_has_role('xf_keeper', 'xf_app', 'usage') then grant xf_app to xf_keeper; end if;
  begin
    set local role xf_keeper;
    reset role;
  exception when insufficient_privilege then
    execute format('grant xf_keeper to %I', current_user);
  end;
end $$;

-- `subjects` wraps the keys of the patients, `index` is that of the blind index. The index key that is made of the ring is the row `ring`,
-- written when it is replaced for the first time. Retired: nothing names it any more, and it is gone.
create table site_key (
  site_id uuid not null references site (id),
  id text not null check (id ~ '^[a-z0-9-]{1,40}$'),
  purpose text not null check (purpose in ('subjects', 'index')),
  master_id text not null,         -- the key of the ring that wraps it
  wrapped bytea,
  status text not null default 'active' check (status in ('active', 'retiring', 'retired')),
  created_at timestamptz not null default clock_timestamp(),
  retired_at timestamptz,
  check ((status = 'retired') = (wrapped is null)),
  check ((status = 'retired') = (retired_at is not null))
);
create unique index site_key_active on site_key (site_id, purpose) where status = 'active';
alter table site_key add primary key (site_id, id);

create table subject_key (
  site_id uuid not null,
  subject_id uuid not null,
  site_key_id text not null,
  wrapped bytea,                   -- null: destroyed, and with it all that it sealed
  created_at timestamptz not null default clock_timestamp(),
  destroyed_at timestamptz,
  foreign key (site_id, subject_id) references subject (site_id, id),
  foreign key (site_id, site_key_id) references site_key (site_id, id),
  check ((wrapped is null) = (destroyed_at is not null))
);
create index subject_key_site_key on subject_key (site_id, site_key_id, subject_id);
alter table subject_key add primary key (site_id, subject_id);

-- Which key a digest was made with.
alter table subject_blind_index add column index_key_id text not null default 'ring';
alter table subject_blind_index alter column index_key_id drop default;
create index subject_blind_index_key on subject_blind_index (site_id, index_key_id, subject_id);

-- A row of history may be sealed anew, by the keeper, and nothing else of it may change.
create function refuse_change_but_sealing() returns trigger language plpgsql as $$
begin
  if old.ciphertext is not null and new.ciphertext is not null and to_jsonb(new) - array['key_id', 'ciphertext'] = to_jsonb(old) - array['key_id', 'ciphertext'] then
    return new;
  end if;
  raise exception '% is append-only', tg_table_name using errcode = '55000', constraint = 'append_only';
end $$;

do $$
declare t text;
begin
  foreach t in array array['site_key', 'subject_key'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy by_site on %I using (site_id = any ((select current_sites())::uuid[])) with check (site_id = any ((select current_sites())::uuid[]))', t);
    execute format('grant select, insert on %I to xf_app', t);
  end loop;
  foreach t in array array['subject_fact', 'visit_state'] loop
    execute format('drop trigger append_only on %I', t);
    execute format('create trigger append_only before delete on %I for each row execute function refuse_change()', t);
    execute format('create trigger sealed_anew before update on %I for each row execute function refuse_change_but_sealing()', t);
    execute format('create index %I on %I (site_id, key_id) where key_id <> ''subject''', t || '_by_ring', t);
    execute format('grant update (key_id, ciphertext) on %I to xf_keeper', t);
  end loop;
end $$;
grant update (master_id, wrapped, status, retired_at) on site_key to xf_keeper;
grant update (site_key_id, wrapped, destroyed_at) on subject_key to xf_keeper;
grant delete on subject_blind_index to xf_keeper;
