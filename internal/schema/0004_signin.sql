-- Sign-in: who stands behind an address, how they prove it, and where they are
-- signed in. Secrets are here as hashes only; see package api/signin. Nothing
-- but the API's role has any business here.

-- +goose Up

create schema signin authorization behalf_owner;
grant usage on schema signin to behalf_api;
set local role behalf_owner;

-- Who stands behind an e-mail address, from the first invitation on. The
-- address itself is not here: deleting a row makes the person unfindable.
create table signin.people (
    address_hash bytea       primary key check (octet_length(address_hash) = 32), -- HMAC-SHA-256 of the normal form
    person       uuid        not null unique,
    created_at   timestamptz not null default now()
);

create table signin.passwords (
    person     uuid        primary key references signin.people (person) on delete cascade,
    phc        text        not null check (starts_with(phc, '$argon2id$')),
    changed_at timestamptz not null default now()
);

-- One sign-in. Second factors add their names to authenticated_with; a session
-- that still waits for one will be of another kind.
create table signin.sessions (
    id_hash            bytea       primary key check (octet_length(id_hash) = 32), -- SHA-256 of the token
    person             uuid        not null references signin.people (person) on delete cascade,
    kind               text        not null default 'full' check (kind <> ''),
    authenticated_with text[]      not null check (cardinality(authenticated_with) > 0),
    created_at         timestamptz not null,
    expires_at         timestamptz not null,
    last_used_at       timestamptz not null
);
create index sessions_of_person on signin.sessions (person);
create index sessions_expiry on signin.sessions (expires_at);

-- A credential that a person made for a program of theirs.
create table signin.tokens (
    id           uuid        primary key,
    id_hash      bytea       not null unique check (octet_length(id_hash) = 32), -- SHA-256 of the token
    person       uuid        not null references signin.people (person) on delete cascade,
    name         text        not null check (name <> ''),
    hint         text        not null, -- how the token begins, to recognise it by
    created_at   timestamptz not null,
    expires_at   timestamptz,          -- null: never
    last_used_at timestamptz
);
create index tokens_of_person on signin.tokens (person, created_at);

grant select, insert, update, delete on all tables in schema signin to behalf_api;

reset role;

-- +goose Down

drop schema signin cascade;
