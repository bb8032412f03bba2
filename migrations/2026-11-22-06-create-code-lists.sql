-- What a hospital imports into an open value set (ICD-10, drugs): codes are never deleted, for records name them for ever.
create table value_set_import (
  id uuid primary key,
  value_set text not null,         -- name, as in standards/value-sets
  edition text not null,           -- as the person who imported it calls it
  file_sha256 text not null check (file_sha256 ~ '^[0-9a-f]{64}$'),
  added integer not null check (added >= 0),
  changed integer not null check (changed >= 0),
  retired integer not null check (retired >= 0),
  created_at timestamptz not null default clock_timestamp()
);
create index value_set_import_latest on value_set_import (value_set, created_at);

create table value_set_code (
  value_set text not null,
  code text not null,
  ordinal integer not null,        -- place in the file
  zh text not null,
  en text not null,                -- empty when the file has none
  pinyin text not null,
  synonyms jsonb not null,         -- array of text
  status text not null check (status in ('active', 'retired')),
  value_set_import_id uuid not null references value_set_import (id),   -- the last that changed it
  primary key (value_set, code)
);
create index value_set_code_order on value_set_code (value_set, ordinal, code);
create index value_set_code_import on value_set_code (value_set_import_id);

create trigger append_only before update or delete on value_set_import for each row execute function refuse_change();
create trigger never_truncated before truncate on value_set_import for each statement execute function refuse_change();

-- Requests read; the command line writes, as the owner.
grant select on value_set_import, value_set_code to xf_app;
