-- The vault: what members authorized Behalf to use, encrypted before it gets
-- here. Every "sealed" column is ciphertext that is bound to the other columns
-- of its row; see package vault.

-- +goose Up

create schema vault authorization behalf_owner;
grant usage on schema vault to behalf_api, behalf_engine;

-- The keyset that seals everything below, itself wrapped by the master key.
create table vault.keysets (
    id         smallint    primary key default 1 check (id = 1),
    wrapped    bytea       not null,
    created_at timestamptz not null default now()
);
alter table vault.keysets owner to behalf_owner;
grant select, insert on vault.keysets to behalf_api, behalf_engine;

-- One member's authorization for one social account, as long as it lives.
create table vault.connections (
    id           uuid        primary key,
    workspace_id uuid        not null,
    account_id   uuid        not null,
    holder_id    uuid        not null,
    kind         text        not null check (kind <> ''),
    network      text        not null check (network <> ''),
    sealed       bytea       not null,
    expires_at   timestamptz,                          -- null: never
    generation   bigint      not null default 1,       -- one more for every secret that was stored
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now()
);
create index connections_held on vault.connections (workspace_id, holder_id);
alter table vault.connections owner to behalf_owner;

-- The API hands secrets in and can never take them out again (R41).
grant insert,
      select (id, workspace_id, account_id, holder_id, kind, network, expires_at, generation, created_at, updated_at),
      update (sealed, expires_at, generation, updated_at)
   on vault.connections to behalf_api;
grant select, insert, update, delete on vault.connections to behalf_engine;

-- An authorization that was begun: the browser is at the network.
create table vault.authorizations (
    state_hash   bytea       primary key check (length(state_hash) = 32),
    session_hash bytea       not null check (length(session_hash) between 16 and 64),
    workspace_id uuid        not null,
    user_id      uuid        not null,
    network      text        not null check (network <> ''),
    sealed       bytea       not null,
    expires_at   timestamptz not null default now() + interval '10 minutes'
);
create index authorizations_expiry on vault.authorizations (expires_at);
alter table vault.authorizations owner to behalf_owner;
grant select, insert, delete on vault.authorizations to behalf_api;
grant select (expires_at), delete on vault.authorizations to behalf_engine;

-- An authorization that was completed and waits for the member's choice among
-- the accounts that it gave access to.
create table vault.grants (
    id           uuid        primary key,
    workspace_id uuid        not null,
    user_id      uuid        not null,
    network      text        not null check (network <> ''),
    sealed       bytea       not null,
    expires_at   timestamptz not null default now() + interval '10 minutes'
);
create index grants_expiry on vault.grants (expires_at);
alter table vault.grants owner to behalf_owner;
grant select, insert, delete on vault.grants to behalf_api;
grant select (expires_at), delete on vault.grants to behalf_engine;

-- The API sees the rows of the workspace that it acts for, and none when it
-- names none. The network sends a browser back without naming a workspace:
-- a begun authorization is found by the session that began it instead.
alter table vault.connections enable row level security;
alter table vault.connections force row level security;
create policy engine on vault.connections
    to behalf_engine, behalf_owner
    using (true);
create policy workspace on vault.connections
    to behalf_api
    using (workspace_id = nullif(current_setting('behalf.workspace', true), '')::uuid);

alter table vault.grants enable row level security;
alter table vault.grants force row level security;
create policy engine on vault.grants
    to behalf_engine, behalf_owner
    using (true);
create policy workspace on vault.grants
    to behalf_api
    using (workspace_id = nullif(current_setting('behalf.workspace', true), '')::uuid);

alter table vault.authorizations enable row level security;
alter table vault.authorizations force row level security;
create policy engine on vault.authorizations
    to behalf_engine, behalf_owner
    using (true);
create policy session on vault.authorizations
    to behalf_api
    using (session_hash = decode(nullif(current_setting('behalf.session', true), ''), 'hex'))
    with check (workspace_id = nullif(current_setting('behalf.workspace', true), '')::uuid);

-- +goose Down

drop schema vault cascade;
