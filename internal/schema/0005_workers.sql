-- What the workers have to remember besides the log.

-- +goose Up

create schema workers authorization behalf_owner;
grant usage on schema workers to behalf_engine;

-- Events that a mail is sent for. The policy notes them in the transaction of
-- its checkpoint, so that none is lost when the queue is; whoever sends claims
-- the row before, and records the end after.
create table workers.mails (
    event_id     uuid        primary key,
    kind         text        not null check (kind in ('invitation', 'reauthentication')),
    workspace_id uuid        not null,
    stream       text        collate "C" not null,
    noted_at     timestamptz not null default now(),
    not_before   timestamptz not null default now(),        -- claimed, or put off, until then
    tries        integer     not null default 0,
    ended_at     timestamptz,
    outcome      text        check (outcome in ('sent', 'undeliverable', 'obsolete')),
    code         text,                                      -- the mail server's last refusal; never an address
    check ((ended_at is null) = (outcome is null))
);
create index mails_open on workers.mails (not_before) where ended_at is null;
alter table workers.mails owner to behalf_owner;
grant select, insert, update on workers.mails to behalf_engine;

-- When sweeping last began; one row. Whoever moves it sweeps.
create table workers.rounds (
    single   boolean     primary key default true check (single),
    begun_at timestamptz not null
);
insert into workers.rounds (begun_at) values ('-infinity');
alter table workers.rounds owner to behalf_owner;
grant select, update on workers.rounds to behalf_engine;

-- +goose Down

drop schema workers cascade;
