-- Who is making which workspace's archive (R13).

-- +goose Up

set local role behalf_owner;

-- A lease by time and not a lock: a process that is frozen would keep a
-- session's lock for ever. That two then make the same archive does no harm:
-- the log takes the first.
create table workers.exports (
    export_id   uuid        primary key,
    taken_until timestamptz not null,
    tries       integer     not null default 1
);
grant select, insert, update, delete on workers.exports to behalf_engine;

reset role;

-- +goose Down

drop table workers.exports;
