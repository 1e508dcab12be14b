-- +goose Up

-- How old the append is that holds the log up: operators want to know, and the
-- engine tells. Where whoever migrates may not grant that, it stays unknown.
-- +goose StatementBegin
do $$
begin
    grant pg_read_all_stats to behalf_engine;
exception
    when insufficient_privilege then
        raise notice 'behalf_engine cannot see how old transactions are: grant it pg_read_all_stats';
    when unique_violation then
        null; -- another database of the cluster is migrated at the same moment
end
$$;
-- +goose StatementEnd

-- The log: what happened, what was asked, and how far each reader has come.
create schema log authorization behalf_owner;
set local role behalf_owner;

-- data and metadata are the exact bytes that were written, not jsonb: proofs
-- cover every column, and jsonb does not keep its input.
create table log.events (
    position     bigint generated always as identity (sequence name log.positions cache 1),
    workspace_id uuid,
    stream       text collate "C" not null,
    version      integer not null,
    id           uuid not null,
    type         text collate "C" not null,
    data         bytea not null,
    metadata     bytea not null,
    recorded_at  timestamptz not null,
    constraint events_pkey primary key (stream, version),
    constraint events_position_key unique (position),
    constraint events_id_key unique (id)
);

-- What was asked under an idempotency key, and where its answer stands.
create table log.commands (
    id           uuid primary key,
    user_id      uuid,
    workspace_id uuid,
    body_hash    bytea not null check (octet_length(body_hash) = 32),
    positions    bigint[] not null,
    position     bigint not null,
    answered_at  timestamptz not null
);
comment on column log.commands.user_id is 'who asked; null when a part of Behalf did';
comment on column log.commands.positions is 'the events that the command wrote; empty when it changed nothing';
comment on column log.commands.position is 'the last of them, or the position that the decision was based on';

-- How far each consumer group has come, moved in the transaction of its handlers.
create table log.checkpoints (
    name     text collate "C" primary key check (name <> ''),
    position bigint not null check (position >= 0),
    moved_at timestamptz not null default clock_timestamp()
) with (fillfactor = 50);

-- The position up to which nothing can appear any more; one row.
create table log.high_water (
    single   boolean primary key default true check (single),
    position bigint not null,
    moved_at timestamptz not null default clock_timestamp()
) with (fillfactor = 50);
insert into log.high_water (position) values (0);

-- Append only, for everybody: "always" holds for superusers and replicas too.
-- +goose StatementBegin
create function log.refuse() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise exception 'the log is append-only: % is refused', lower(tg_op)
        using errcode = 'insufficient_privilege';
end
$$;
-- +goose StatementEnd
create trigger append_only
    before update or delete or truncate on log.events
    for each statement execute function log.refuse();
alter table log.events enable always trigger append_only;

-- Who sees what. Forced, so that the owner too has only what is granted here.
alter table log.events enable row level security;
alter table log.events force row level security;
create policy owner_reads on log.events for select to behalf_owner using (true);
create policy owner_appends on log.events for insert to behalf_owner with check (true);
create policy engine_reads on log.events for select to behalf_engine using (true);
create policy api_reads on log.events for select to behalf_api using (
    workspace_id = (select nullif(current_setting('behalf.workspace', true), '')::uuid)
    or (workspace_id is null and stream = (select 'user-' || current_setting('behalf.user', true)))
);

alter table log.commands enable row level security;
alter table log.commands force row level security;
create policy owner_reads on log.commands for select to behalf_owner using (true);
create policy owner_remembers on log.commands for insert to behalf_owner with check (true);
create policy engine_reads on log.commands for select to behalf_engine using (true);
create policy api_reads on log.commands for select to behalf_api using (
    user_id = (select nullif(current_setting('behalf.user', true), '')::uuid)
);

-- Bytes as JSON where they are, as text where they are not.
-- +goose StatementBegin
create function log.readable(content bytea) returns jsonb
language plpgsql immutable strict
set search_path = pg_catalog, pg_temp
as $$
begin
    return convert_from(content, 'UTF8')::jsonb;
exception
    when data_exception then
        return to_jsonb(encode(content, 'escape'));
end
$$;
-- +goose StatementEnd

-- For people.
create view log.events_readable with (security_invoker = true) as
select
    position,
    recorded_at,
    stream,
    version,
    type,
    log.readable(data) as data,
    log.readable(metadata) as metadata,
    id,
    workspace_id
from log.events;

-- What a stream may be called, and which tenant its events have.
create function log.may_begin(stream text, workspace uuid) returns boolean
language sql immutable parallel safe
as $$
    select case
        when stream !~ '^[a-z]+-[0-9a-f]{32}$' then false
        when starts_with(stream, 'user-') then workspace is null
        when starts_with(stream, 'workspace-') then workspace is not null and substr(stream, 11)::uuid = workspace
        else workspace is not null
    end
$$;

-- Append takes a batch of requests, each of which stands or falls alone. Arrays
-- that begin alike belong together; places in them are counted from 1:
--
--   stream_*   what the decisions read or write: the expected version, how many
--              events are written there, and their tenant. Several requests may
--              share a stream that they only read.
--   need_*     which request needs which of these streams to stand still
--   event_*    what happened, and on which of these streams
--   command_*  what to remember for idempotency
--
-- It answers one row: the positions of the events that were written, in their
-- order, and the moment that they carry; the places of the streams that are not
-- at the expected version, and their versions; and the requests whose commands
-- are known already. A request that needs one of the former or is one of the
-- latter wrote nothing.
--
-- Its statements are separate on purpose: under READ COMMITTED each one sees
-- what was committed before it began, so the check sees everything that the
-- locks waited for. In a single statement the snapshot is older than the locks.
-- What a column has to look like is checked here, once for each stream, rather
-- than by constraints, which are set up again for every statement.
-- +goose StatementBegin
create function log.append(
    stream_name text[], stream_expected int[], stream_writes int[], stream_workspace uuid[],
    need_request int[], need_stream int[],
    event_request int[], event_stream int[], event_version int[], event_id uuid[],
    event_type text[], event_data bytea[], event_metadata bytea[],
    command_request int[], command_id uuid[], command_user uuid[], command_workspace uuid[],
    command_hash bytea[], command_position bigint[],
    out positions bigint[], out moment timestamptz,
    out moved int[], out moved_to int[], out repeated int[]
)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
#variable_conflict use_column
declare
    overlap boolean;
    announced bigint;
    locked bigint;
    wrong boolean;
    failed int[] := '{}';
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'append needs read committed' using errcode = 'invalid_transaction_state';
    end if;

    -- 1: every stream, exclusive if it is written, shared if it was only read,
    -- then every command id; in one order for all, so that nobody deadlocks
    select
        bool_or(k.writes > 0 and k.uses > 1),
        sum(k.writes) - cardinality(command_id),
        count(case when k.writes > 0 then pg_advisory_xact_lock(k.key) else pg_advisory_xact_lock_shared(k.key) end)
    into overlap, announced, locked
    from (
        select
            u.command,
            hashtextextended(u.name, 0) as key,
            sum(u.writes) as writes,
            count(*) as uses
        from unnest(
            stream_name || command_id::text[],
            stream_writes || array_fill(1, array[cardinality(command_id)]),
            array_fill(false, array[cardinality(stream_name)]) || array_fill(true, array[cardinality(command_id)])
        ) as u (name, writes, command)
        group by u.command, hashtextextended(u.name, 0)
        order by u.command, hashtextextended(u.name, 0)
    ) as k;
    if overlap then
        raise exception 'requests of one batch overlap' using errcode = 'check_violation';
    end if;

    -- 2: the barrier, before the first position is drawn
    perform pg_advisory_xact_lock_shared(25192, 1);
    moment := clock_timestamp();
    if coalesce(announced, 0) <> cardinality(event_id) then
        raise exception 'not as many events as announced' using errcode = 'check_violation';
    end if;

    -- 3: has anything moved, or been answered already; may the streams be written
    select
        array_agg(s.place) filter (where head.version <> s.expected),
        array_agg(head.version) filter (where head.version <> s.expected),
        bool_or(head.wrong)
    into moved, moved_to, wrong
    from unnest(stream_name, stream_expected, stream_writes, stream_workspace)
        with ordinality as s (name, expected, writes, workspace, place)
    left join lateral (
        select e.version, e.workspace_id
        from log.events as e
        where e.stream = s.name
        order by e.version desc
        limit 1
    ) as last on true
    cross join lateral (
        select
            coalesce(last.version, 0) as version,
            s.writes > 0 and case
                when last.version > 0 then last.workspace_id is distinct from s.workspace
                else not log.may_begin(s.name, s.workspace)
            end as wrong
    ) as head
    where head.version <> s.expected or head.wrong;
    if wrong then
        raise exception 'a stream has a malformed name, or belongs to another workspace' using errcode = 'check_violation';
    end if;
    if moved is not null then
        failed := array(
            select n.request
            from unnest(need_request, need_stream) as n (request, stream)
            where n.stream = any (moved)
        );
    end if;
    if cardinality(command_id) > 0 then
        repeated := array(
            select c.request
            from unnest(command_request, command_id) as c (request, id)
            where exists (select from log.commands as known where known.id = c.id)
        );
        failed := failed || repeated;
    end if;

    -- 4: what passed. Every event is one of those announced for its stream: as
    -- versions are unique, they are then without gaps. Another one finds no
    -- stream, which the table refuses. Positions are drawn in the order of events.
    with inserted as (
        insert into log.events (workspace_id, stream, version, id, type, data, metadata, recorded_at)
        select s.workspace, s.name, w.version, w.id, w.type, w.data, w.metadata, moment
        from unnest(event_request, event_stream, event_version, event_id, event_type, event_data, event_metadata)
            with ordinality as w (request, stream, version, id, type, data, metadata, ordinal)
        left join unnest(stream_name, stream_expected, stream_writes, stream_workspace)
            with ordinality as s (name, expected, writes, workspace, place)
            on s.place = w.stream
            and w.version > s.expected
            and w.version <= s.expected + s.writes
        where w.request <> all (failed)
        order by w.ordinal
        returning position
    )
    select array_agg(i.position order by i.position)
    into positions
    from inserted as i;

    if cardinality(command_id) > 0 then
        insert into log.commands (id, user_id, workspace_id, body_hash, positions, position, answered_at)
        select
            c.id, c.asker, c.workspace, c.hash,
            coalesce(wrote.positions, '{}'),
            coalesce(wrote.last, c.based_on),
            moment
        from unnest(command_request, command_id, command_user, command_workspace, command_hash, command_position)
            as c (request, id, asker, workspace, hash, based_on)
        left join (
            select
                n.request,
                array_agg(p.position order by p.position) as positions,
                max(p.position) as last
            from (
                select
                    w.request,
                    row_number() over (order by w.ordinal) as place
                from unnest(event_request) with ordinality as w (request, ordinal)
                where w.request <> all (failed)
            ) as n
            join unnest(positions) with ordinality as p (position, place) on p.place = n.place
            group by n.request
        ) as wrote on wrote.request = c.request
        where c.request <> all (failed);
    end if;
end
$$;
-- +goose StatementEnd
revoke execute on function log.append from public;

-- Append_event is append for the commonest case: one request, one event, at
-- most one stream that was only read, at most one command. It does the same in
-- the same order, without the sets; a lone caller waits for half of the time.
--
-- It answers the event's position and moment; or the stream that had moved
-- (that of the event, if both had) and its version; or that the command is known.
-- +goose StatementBegin
create function log.append_event(
    event_stream text, event_expected int, event_workspace uuid,
    event_id uuid, event_type text, event_data bytea, event_metadata bytea,
    other_stream text, other_expected int,
    command_id uuid, command_user uuid, command_workspace uuid, command_hash bytea,
    out placed bigint, out moment timestamptz,
    out moved text, out moved_to int, out repeated boolean
)
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
    event_key bigint := hashtextextended(event_stream, 0);
    other_key bigint := hashtextextended(other_stream, 0);
    head int;
    tenant uuid;
    wrong boolean;
    locked text; -- what an assignment runs needs no statement
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'append needs read committed' using errcode = 'invalid_transaction_state';
    end if;
    if event_stream = other_stream then
        raise exception 'requests of one batch overlap' using errcode = 'check_violation';
    end if;

    -- 1 and 2: the locks, in the order of append, and the barrier
    if other_key < event_key then
        locked := pg_advisory_xact_lock_shared(other_key);
    end if;
    locked := pg_advisory_xact_lock(event_key);
    if other_key >= event_key then
        locked := pg_advisory_xact_lock_shared(other_key);
    end if;
    if command_id is not null then
        locked := pg_advisory_xact_lock(hashtextextended(command_id::text, 0));
    end if;
    locked := pg_advisory_xact_lock_shared(25192, 1);
    moment := clock_timestamp();

    -- 3: has anything moved, or been answered already; may the stream be written
    if command_id is not null then
        repeated := exists (select from log.commands as known where known.id = command_id);
        if repeated then
            return;
        end if;
    end if;
    select e.version, e.workspace_id
    into head, tenant
    from log.events as e
    where e.stream = event_stream
    order by e.version desc
    limit 1;
    wrong := case
        when head > 0 then tenant is distinct from event_workspace
        else not log.may_begin(event_stream, event_workspace)
    end;
    if wrong then
        raise exception 'a stream has a malformed name, or belongs to another workspace' using errcode = 'check_violation';
    end if;
    if coalesce(head, 0) <> event_expected then
        moved := event_stream;
        moved_to := coalesce(head, 0);
        return;
    end if;
    if other_stream is not null then
        select e.version
        into head
        from log.events as e
        where e.stream = other_stream
        order by e.version desc
        limit 1;
        if coalesce(head, 0) <> other_expected then
            moved := other_stream;
            moved_to := coalesce(head, 0);
            return;
        end if;
    end if;

    -- 4: what passed
    insert into log.events as e (workspace_id, stream, version, id, type, data, metadata, recorded_at)
    values (event_workspace, event_stream, event_expected + 1, event_id, event_type, event_data, event_metadata, moment)
    returning e.position
    into placed;
    if command_id is not null then
        insert into log.commands (id, user_id, workspace_id, body_hash, positions, position, answered_at)
        values (command_id, command_user, command_workspace, command_hash, array[placed], placed, moment);
    end if;
end
$$;
-- +goose StatementEnd
revoke execute on function log.append_event from public;

grant usage on schema log to behalf_api, behalf_engine;
grant select on log.events, log.events_readable, log.commands, log.checkpoints, log.high_water to behalf_api, behalf_engine;
grant execute on function log.append, log.append_event to behalf_api, behalf_engine;
grant insert, update on log.checkpoints to behalf_engine;
grant update (position, moved_at) on log.high_water to behalf_engine;
grant select on sequence log.positions to behalf_engine;

reset role;
