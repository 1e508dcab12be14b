-- What preparing a post made on a network, and what was about to be sent.

-- +goose Up

-- It belongs to one revision, connection and posting identity. What is made is
-- the connector's own words: names of things on the network, no secret. Whoever
-- makes holds the row for a while; who was frozen past that saves nothing.
create table workers.prepared (
    workspace_id  uuid        not null,
    post_id       uuid        not null,
    account_id    uuid        not null,
    revision      integer     not null,
    connection_id uuid        not null,
    identity      text        not null,
    made          bytea       not null default '' check (octet_length(made) <= 16384),
    ready         boolean     not null default false,       -- nothing is left to be made
    held_by       uuid        not null,
    held_until    timestamptz not null,
    touched_at    timestamptz not null default clock_timestamp(),
    primary key (post_id, account_id, revision, connection_id, identity)
);
create index prepared_touched on workers.prepared (touched_at);
alter table workers.prepared owner to behalf_owner;
grant select, insert, update, delete on workers.prepared to behalf_engine;

-- Attempts on networks that cannot be asked, noted right before they are sent:
-- what is not here was not sent.
create table workers.sends (
    attempt_id uuid        primary key,
    noted_at   timestamptz not null default clock_timestamp()
);
create index sends_noted on workers.sends (noted_at);
alter table workers.sends owner to behalf_owner;
grant select, insert, delete on workers.sends to behalf_engine;

-- +goose Down

drop table workers.sends;
drop table workers.prepared;
