-- What people are told: mails to one person each, collaboration gathered into
-- digests, and what everybody wants to be told and has read. There are ids in
-- these tables and nothing personal.

-- +goose Up

create schema notices authorization behalf_owner;
set local role behalf_owner;

-- Of one event several people may be written to, and a digest is about several
-- events: a mail has an id of its own, derived from event, kind and person.
alter table workers.mails drop constraint mails_pkey;
alter table workers.mails drop constraint mails_kind_check;
alter table workers.mails drop constraint mails_outcome_check;
alter table workers.mails
    add column mail_id uuid not null default gen_random_uuid() primary key,
    add column person uuid,                  -- who it goes to
    alter column event_id drop not null,
    alter column workspace_id drop not null,
    alter column stream drop not null,
    add constraint mails_kind_check check (kind ~ '^[a-z_]{1,40}$'),
    -- unwanted: the person has switched this kind off
    add constraint mails_outcome_check check (outcome in ('sent', 'undeliverable', 'obsolete', 'unwanted'));
alter table workers.mails alter column mail_id drop default;
create index mails_of_event on workers.mails (event_id);
create index mails_of_person on workers.mails (person);

-- What waits for a person's next digest, and in which one it went.
create table workers.gathered (
    event_id     uuid        not null,
    person       uuid        not null,
    kind         text        not null,
    workspace_id uuid,
    stream       text        collate "C" not null,
    noted_at     timestamptz not null default clock_timestamp(),
    mail_id      uuid,                                           -- null while it waits
    primary key (event_id, person)
);
create index gathered_waiting on workers.gathered (person) where mail_id is null;
create index gathered_in on workers.gathered (mail_id) where mail_id is not null;
grant select, insert, update on workers.gathered to behalf_engine;

-- When each person's latest digest was made: whoever moves the row makes one.
create table workers.digests (
    person  uuid        primary key,
    made_at timestamptz not null
);
grant select, insert, update on workers.digests to behalf_engine;

-- A workspace sees what became of the mails of its invitations, and nothing else.
alter table workers.mails enable row level security;
alter table workers.mails force row level security;
create policy engine on workers.mails to behalf_engine, behalf_owner using (true);
create policy api on workers.mails for select to behalf_api using (
    kind = 'invitation'
    and workspace_id = (select nullif(current_setting('behalf.workspace', true), '')::uuid)
);
grant usage on schema workers to behalf_api;
grant select (event_id, workspace_id, kind, tries, ended_at, outcome, code) on workers.mails to behalf_api;

grant usage on schema notices to behalf_api, behalf_engine;

-- What a person has switched off, or on again; what is not here is on.
create table notices.preferences (
    person     uuid        not null,
    kind       text        collate "C" not null,
    channel    text        not null check (channel in ('email', 'product')),
    wanted     boolean     not null,
    changed_at timestamptz not null default clock_timestamp(),
    primary key (person, kind, channel)
);
-- What a person has read: one by one, and everything up to a position.
create table notices.read (
    person   uuid        not null,
    event_id uuid        not null,
    read_at  timestamptz not null default clock_timestamp(),
    primary key (person, event_id)
);
create table notices.read_to (
    person   uuid   primary key,
    position bigint not null
);
grant select, insert, update, delete on notices.preferences, notices.read, notices.read_to to behalf_api;
grant select on notices.preferences to behalf_engine;

alter table notices.preferences enable row level security;
alter table notices.preferences force row level security;
create policy engine on notices.preferences to behalf_engine, behalf_owner using (true);
create policy api on notices.preferences to behalf_api using (
    person = (select nullif(current_setting('behalf.user', true), '')::uuid)
);
alter table notices.read enable row level security;
alter table notices.read force row level security;
create policy engine on notices.read to behalf_engine, behalf_owner using (true);
create policy api on notices.read to behalf_api using (
    person = (select nullif(current_setting('behalf.user', true), '')::uuid)
);
alter table notices.read_to enable row level security;
alter table notices.read_to force row level security;
create policy engine on notices.read_to to behalf_engine, behalf_owner using (true);
create policy api on notices.read_to to behalf_api using (
    person = (select nullif(current_setting('behalf.user', true), '')::uuid)
);

-- Who is erased is written to no more, and nothing of this is left of them: in
-- the transaction that destroys their key (R66).
-- +goose StatementBegin
create function notices.forget() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from workers.mails where person = new.person;
    delete from workers.gathered where person = new.person;
    delete from workers.digests where person = new.person;
    delete from notices.preferences where person = new.person;
    delete from notices.read where person = new.person;
    delete from notices.read_to where person = new.person;
    return null;
end
$$;
-- +goose StatementEnd
revoke execute on function notices.forget from public;
create trigger forget
after insert or update of destroyed_at on persons.keys
for each row when (new.destroyed_at is not null)
execute function notices.forget();

reset role;

-- +goose Down

drop trigger forget on persons.keys;
drop schema notices cascade;
drop table workers.gathered, workers.digests;
drop policy api on workers.mails;
drop policy engine on workers.mails;
alter table workers.mails no force row level security;
alter table workers.mails disable row level security;
