-- Second factors, recovery codes, and sign-in with OpenID Connect: see packages
-- api/secondfactor and api/oidc. All of it goes with the person (R66).

-- +goose Up

set local role behalf_owner;

-- A session of kind 'second_factor' can do nothing but prove the second factor;
-- it then becomes one of kind 'full', under another token.
alter table signin.sessions
    add column proved_at     timestamptz, -- when the person proved last who they are; null: when they signed in
    add column two_factor_at timestamptz; -- when they proved a second factor in this session; null: never

-- An authenticator app's secret or a passkey. It counts once it is confirmed;
-- whoever has one that counts has two-factor authentication enabled.
create table signin.factors (
    id           uuid        primary key,
    person       uuid        not null references signin.people (person) on delete cascade,
    kind         text        not null check (kind in ('authenticator', 'passkey')),
    name         text        not null check (name <> ''),
    sealed       bytea       not null, -- bound to id, person and kind
    handle_hash  bytea       unique check (octet_length(handle_hash) = 32), -- of a passkey's credential id
    last_step    bigint,     -- of an authenticator: the newest time step that a code was accepted for
    generation   bigint      not null default 1, -- one more for every sealed that was stored
    created_at   timestamptz not null,
    confirmed_at timestamptz,
    last_used_at timestamptz,
    check ((kind = 'passkey') = (handle_hash is not null))
);
create index factors_of_person on signin.factors (person);

-- Random codes, of which each is accepted once.
create table signin.recovery_codes (
    person    uuid        not null references signin.people (person) on delete cascade,
    code_hash bytea       not null check (octet_length(code_hash) = 32), -- SHA-256
    used_at   timestamptz,
    primary key (person, code_hash)
);

-- How often codes were tried since one was right, and when the next may be.
create table signin.code_trials (
    person  uuid        primary key references signin.people (person) on delete cascade,
    trials  integer     not null,
    next_at timestamptz not null
);

-- What a browser was asked to have a passkey sign, one at a time for a session
-- and a purpose, taken once.
create table signin.challenges (
    session_hash bytea       not null references signin.sessions (id_hash) on update cascade on delete cascade,
    purpose      text        not null check (purpose in ('register', 'prove')),
    data         bytea       not null,
    expires_at   timestamptz not null,
    primary key (session_hash, purpose)
);

-- Which account at a provider is whose. The hash is keyed like that of an address.
create table signin.identities (
    id           uuid        primary key,
    provider     text        not null check (provider <> ''),
    subject_hash bytea       not null unique check (octet_length(subject_hash) = 32), -- HMAC-SHA-256 of issuer and subject
    person       uuid        not null references signin.people (person) on delete cascade,
    created_at   timestamptz not null,
    last_used_at timestamptz
);
create index identities_of_person on signin.identities (person);

-- A browser that is at a provider. Taken once, by the browser that began.
create table signin.departures (
    state_hash   bytea       primary key check (octet_length(state_hash) = 32),
    browser_hash bytea       not null check (octet_length(browser_hash) = 32),
    provider     text        not null,
    person       uuid        references signin.people (person) on delete cascade, -- who links an account; null: somebody signs in
    sealed       bytea       not null, -- nonce and PKCE verifier, bound to the columns above
    expires_at   timestamptz not null
);
create index departures_expiry on signin.departures (expires_at);

grant select, insert, update, delete
   on signin.factors, signin.recovery_codes, signin.code_trials, signin.challenges, signin.identities, signin.departures
   to behalf_api;

reset role;

-- +goose Down

drop table signin.departures, signin.identities, signin.challenges, signin.code_trials, signin.recovery_codes, signin.factors;
alter table signin.sessions
    drop column proved_at,
    drop column two_factor_at;
