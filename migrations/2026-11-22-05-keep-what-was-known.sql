-- What is known of a patient and of a visit keeps its history, people keep their former names, and a site has the code it is registered under.
-- Rows of facts are never changed: a later row says anew what held from its day on, or, without a day, on all days. No ciphertext: nothing.
alter table subject_identifier rename to subject_fact;
alter table subject_fact rename constraint subject_identifier_site_id_subject_id_fkey to subject_fact_site_id_subject_id_fkey;
alter table subject_fact drop constraint subject_identifier_pkey;
alter table subject_fact alter column key_id drop not null;
alter table subject_fact alter column ciphertext drop not null;
alter table subject_fact add column version integer not null default 1 check (version >= 1);
alter table subject_fact add column valid_from text check (valid_from ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$');
alter table subject_fact add column created_at timestamptz not null default clock_timestamp();
alter table subject_fact add column created_by uuid references account (id);
-- Forced row-level security would hide the rows from their owner too.
alter table subject no force row level security;
alter table subject_fact no force row level security;
update subject_fact f set created_at = s.created_at, created_by = s.created_by from subject s where s.site_id = f.site_id and s.id = f.subject_id;
alter table subject force row level security;
alter table subject_fact force row level security;
alter table subject_fact alter column version drop default;
alter table subject_fact alter column created_by set not null;
alter table subject_fact add constraint subject_fact_sealed check ((key_id is null) = (ciphertext is null));
alter table subject_fact add primary key (site_id, subject_id, key, version);
revoke update, delete on subject_fact from xf_app;
revoke delete on subject_blind_index from xf_app;   -- who was known under a number is found by it ever after

-- Sex by the day from which it holds, `[[null, "1"], ["2024-05-01", "2"]]`; null while it is the same on all days. In clear as sex itself is.
alter table subject add column sex_by_day jsonb;

alter table visit drop constraint visit_kind_check;
alter table visit add constraint visit_kind_check check (kind in ('baseline', 'follow-up', 'treatment', 'operation', 'unplanned', 'outpatient', 'emergency', 'inpatient'));

-- Numbers, ward and bed, times of a visit, as one act gave them: sealed JSON of what it changed, from an instant on or for the whole visit.
create table visit_state (
  site_id uuid not null,
  visit_id uuid not null,
  version integer not null check (version >= 1),
  valid_from timestamptz,
  key_id text not null,
  ciphertext bytea not null,
  created_at timestamptz not null default clock_timestamp(),
  created_by uuid not null references account (id),
  primary key (site_id, visit_id, version),
  foreign key (site_id, visit_id) references visit (site_id, id)
);

do $$
declare t text;
begin
  execute 'alter table visit_state enable row level security';
  execute 'alter table visit_state force row level security';
  execute 'create policy by_site on visit_state using (site_id = any ((select current_sites())::uuid[])) with check (site_id = any ((select current_sites())::uuid[]))';
  foreach t in array array['subject_fact', 'visit_state'] loop
    execute format('create trigger append_only before update or delete on %I for each row execute function refuse_change()', t);
    execute format('create trigger never_truncated before truncate on %I for each statement execute function refuse_change()', t);
  end loop;
end $$;
grant select, insert on visit_state to xf_app;

-- Somebody who is named in records and never signs in has no password; the role is of those who do nothing here.
alter table account alter column password_hash drop not null;
alter table membership drop constraint membership_role_check;
alter table membership add constraint membership_role_check check (role in
  ('nurse', 'investigator', 'monitor', 'data-manager', 'standards-editor', 'analyst', 'site-administrator', 'system-administrator', 'staff'));

-- A name that somebody bore until the day before valid_to; the present name is account.display_name.
create table account_name (
  account_id uuid not null references account (id),
  valid_to text not null check (valid_to ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'),
  name text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (account_id, valid_to)
);
grant select, insert on account_name to xf_app;

-- Of WS 218, as records name the institution.
alter table site add column organisation_code text check (organisation_code ~ '^[0-9A-Za-z-]{2,22}$');
