-- What connecting real networks and keeping connections alive takes besides the
-- connections themselves.

-- +goose Up

-- This installation's own registrations with hosts, made by connectors. They
-- are nobody's in particular: every workspace uses them.
create table vault.registrations (
    network      text        not null check (length(network) between 1 and 50),
    host         text        not null check (length(host) between 1 and 300),
    client_id    text        not null check (length(client_id) between 1 and 1000),
    redirect_uri text        not null check (length(redirect_uri) <= 1000),
    sealed       bytea       not null,
    kept_at      timestamptz not null default clock_timestamp(),
    primary key (network, host)
);
alter table vault.registrations owner to behalf_owner;
grant select, insert, update on vault.registrations to behalf_api, behalf_engine;

-- Whom the network knows the holder as, and the connection that this one
-- replaces, until what its authorization lacks has been taken over (R46).
alter table vault.connections
    add column person      text not null default '' check (length(person) <= 300),
    add column predecessor uuid;
create index connections_succeeding on vault.connections (predecessor) where predecessor is not null;
create index connections_of_person on vault.connections (network, person);
grant select (person, predecessor) on vault.connections to behalf_api;

-- How a connection is looked after. Apart from its row, whose lock is held
-- while a token is exchanged. Nothing of it is history.
create table vault.care (
    connection_id uuid        primary key references vault.connections on delete cascade,
    workspace_id  uuid        not null,
    refreshable   boolean     not null default false,
    jitter        real        not null default random(),           -- spreads what is due at the same moment
    used_at       timestamptz,                                     -- last published through
    refreshed_at  timestamptz,
    checked_at    timestamptz,                                     -- the network last said that it may post
    check_due     timestamptz not null default now() + interval '1 day' * (0.9 + random() * 0.2),
    refresh_due   timestamptz not null default '-infinity',        -- not before; put off when it failed
    failures      integer     not null default 0,                  -- of refreshing, in a row
    ended_at      timestamptz,                                     -- nothing is asked any more: its holder is
    offered       bytea                                            -- posting identities, sealed
);
create index care_of_workspace on vault.care (workspace_id);
create index care_checks on vault.care (check_due) where ended_at is null;
alter table vault.care owner to behalf_owner;
grant select,
      insert (connection_id, workspace_id, refreshable, offered, checked_at),
      update (refreshable, offered, checked_at)
   on vault.care to behalf_api;
grant select, insert, update, delete on vault.care to behalf_engine;
alter table vault.care enable row level security;
alter table vault.care force row level security;
create policy engine on vault.care
    to behalf_engine, behalf_owner
    using (true);
create policy workspace on vault.care
    to behalf_api
    using (workspace_id = nullif(current_setting('behalf.workspace', true), '')::uuid);
insert into vault.care (connection_id, workspace_id, refreshable)
select id, workspace_id, expires_at is not null
from vault.connections;

-- Authorizations that were given up here and are still to be ended at their
-- network. Nothing publishes through them; they last an hour at most.
create table vault.revocations (
    id           uuid        primary key,
    workspace_id uuid        not null,
    account_id   uuid        not null,
    holder_id    uuid        not null,
    kind         text        not null,
    network      text        not null,
    person       text        not null,
    sealed       bytea       not null,
    given_up_at  timestamptz not null default now(),
    due_at       timestamptz not null default now(),
    tries        integer     not null default 0
);
create index revocations_due on vault.revocations (due_at);
create index revocations_of_holder on vault.revocations (holder_id);
alter table vault.revocations owner to behalf_owner;
grant select, insert, update, delete on vault.revocations to behalf_engine;

-- Nothing of an erased person is left to be revoked, either: in the transaction
-- that destroys their key (R66).
-- +goose StatementBegin
create function vault.forget() returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    delete from vault.revocations where holder_id = new.person;
    return null;
end
$$;
-- +goose StatementEnd
alter function vault.forget owner to behalf_owner;
revoke execute on function vault.forget from public;
create trigger forget_revocations
after insert or update of destroyed_at on persons.keys
for each row when (new.destroyed_at is not null)
execute function vault.forget();

-- +goose Down

drop trigger forget_revocations on persons.keys;
drop function vault.forget;
drop table vault.revocations;
drop table vault.care;
alter table vault.connections
    drop column predecessor,
    drop column person;
drop table vault.registrations;
