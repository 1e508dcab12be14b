-- What people see of their own sign-ins, and what their programs may do.

-- +goose Up

set local role behalf_owner;

-- A session is shown and ended by an id of its own: the hash is what requests
-- are recognised by, and nobody else's business.
alter table signin.sessions
    add column id     uuid not null default gen_random_uuid() unique,
    add column client text not null default ''; -- "Firefox on Linux"
comment on column signin.sessions.client is 'which program it was opened with, as that said; never an address';

-- What an API token may do: without a scope nothing. No workspaces: all of the person's.
alter table signin.tokens
    add column scopes     text[] not null default '{}',
    add column workspaces uuid[] check (cardinality(workspaces) > 0);

-- From which programs and networks people have signed in: a new one is told
-- them. The hash is keyed, like those of addresses.
create table signin.clients (
    person        uuid        not null references signin.people (person) on delete cascade,
    client_hash   bytea       not null check (octet_length(client_hash) = 32),
    first_used_at timestamptz not null,
    last_used_at  timestamptz not null,
    primary key (person, client_hash)
);
grant select, insert, update, delete on signin.clients to behalf_api;

reset role;

-- +goose Down

drop table signin.clients;
alter table signin.tokens drop column scopes, drop column workspaces;
alter table signin.sessions drop column id, drop column client;
