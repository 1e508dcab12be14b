-- Views: which tables each of them is in at present, and the events that one of
-- them could not handle. The tables themselves are made by package projections.

-- +goose Up

-- What an earlier version kept there is derived from the log, and is again.
drop schema if exists views cascade;
delete from log.checkpoints
where name like 'view:%';

create schema views authorization behalf_owner;

set local role behalf_owner;
grant usage on schema views to behalf_api, behalf_engine;

-- The sets of tables that a view has: the one that is read and followed, and
-- perhaps one that is being built beside it. Readers lock this table in access
-- share mode before they look, a switch locks it in access exclusive mode: so
-- nobody sees one set's position with another one's rows.
create table views.generations (
    view       text collate "C" not null,
    generation integer not null check (generation > 0),
    version    integer not null,
    definition bytea not null,
    state      text not null check (state in ('filling', 'finishing', 'current')),
    begun_at   timestamptz not null default clock_timestamp(),
    current_at timestamptz,
    primary key (view, generation)
);
create unique index generations_current on views.generations (view) where state = 'current';
create unique index generations_building on views.generations (view) where state <> 'current';
comment on column views.generations.definition is 'SHA-256 of the statements that make its tables';

-- Events that a consumer group put aside, moved in the transaction of its
-- checkpoint: the one that could not be handled and, of the same stream, all
-- that came behind it.
create table views.parked (
    name         text collate "C" not null,
    position     bigint not null,
    workspace_id uuid,
    stream       text collate "C" not null,
    type         text collate "C" not null,
    command_id   uuid,
    class        text not null,
    parked_at    timestamptz not null default clock_timestamp(),
    attempts     integer not null default 1,
    primary key (name, position)
);
create index parked_streams on views.parked (name, stream, position);
comment on column views.parked.class is 'unknown_type, malformed, panic, refused, a SQLSTATE, or behind: waits for an earlier one';

-- Events that an operator had a view leave out for good.
create table views.skipped (
    view       text collate "C" not null,
    position   bigint not null,
    stream     text collate "C" not null,
    type       text collate "C" not null,
    class      text not null,
    skipped_by text not null check (skipped_by <> ''),
    skipped_at timestamptz not null default clock_timestamp(),
    primary key (view, position)
);

-- Consumer groups that stand still until an operator has looked: too much was
-- parked at once.
create table views.stopped (
    name       text collate "C" primary key,
    reason     text not null,
    stopped_at timestamptz not null default clock_timestamp()
);

alter table views.parked enable row level security;
alter table views.parked force row level security;
create policy engine on views.parked to behalf_engine, behalf_owner using (true);
-- Whoever asks learns whether their own write is parked: of others' there is
-- nothing to see but a number.
create policy api on views.parked for select to behalf_api using (true);
grant select (name, position, command_id) on views.parked to behalf_api;

grant select on views.generations, views.stopped to behalf_api, behalf_engine;
grant select on views.parked, views.skipped to behalf_engine;
grant insert, update, delete on views.parked, views.stopped to behalf_engine;
grant insert on views.skipped to behalf_engine;

reset role;
