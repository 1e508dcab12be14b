-- Whether this log is the one that was here before, and what is held while it
-- may not be (R69).

-- +goose Up

set local role behalf_owner;

-- Where the log lives, and how often that was confirmed; one row. Workers keep
-- the latest beat outside the database as well: one that is behind what is known
-- outside was restored. A dump does not know how the place is called that it is
-- restored to, so that a copy is recognised by itself.
create table log.lineage (
    single       boolean     primary key default true check (single),
    installation uuid        not null default gen_random_uuid(),
    home         text,                                        -- log.home(); null before the first beat
    timeline     text,                                        -- log.timeline()
    beat         bigint      not null default 0,
    token        uuid        not null default gen_random_uuid(), -- tells two beats of one number apart
    beat_at      timestamptz not null default clock_timestamp(),
    held         boolean     not null default false           -- nothing is published
);
insert into log.lineage default values;
grant select on log.lineage to behalf_api, behalf_engine;

-- Every time that nothing was published because the log may lack something.
create table log.quarantines (
    id           uuid        primary key default gen_random_uuid(),
    reason       text        not null check (reason in ('copied', 'behind', 'timeline', 'seal', 'by_hand')),
    note         text        not null default '' check (length(note) <= 500),
    since        timestamptz not null,                        -- what happened after this may be missing
    begun_at     timestamptz not null default clock_timestamp(),
    begun_by     uuid,                                        -- an operator; null: Behalf itself
    position     bigint      not null,                        -- of the log when it began
    forfeited_at timestamptz,                                 -- what could not be asked by then is unknown
    forfeited_by uuid,
    ended_at     timestamptz,
    ended_by     uuid,
    check ((ended_at is null) = (ended_by is null)),
    check ((forfeited_at is null) = (forfeited_by is null))
);
create unique index quarantines_open on log.quarantines ((true)) where ended_at is null;
grant select on log.quarantines to behalf_api, behalf_engine;

-- What the networks said about the targets that were due by then.
create table log.reconsidered (
    quarantine_id uuid        not null references log.quarantines on delete cascade,
    post_id       uuid        not null,
    account_id    uuid        not null,
    outcome       text        check (outcome in ('published', 'absent', 'unknown')), -- null: not known yet
    code          text        not null default '',            -- why not yet
    tries         integer     not null default 0,
    not_before    timestamptz not null default '-infinity',   -- of the next question
    primary key (quarantine_id, post_id, account_id)
);
grant select on log.reconsidered to behalf_api;
grant select, insert, update on log.reconsidered to behalf_engine;

-- The cluster, the database and the table, none of which a restored dump shares
-- with what it was made of.
-- +goose StatementBegin
create function log.home() returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
    select concat_ws('/',
        (select system_identifier from pg_control_system()),
        (select oid from pg_database where datname = current_database()),
        'log.lineage'::regclass::oid)
$$;
-- +goose StatementEnd

-- Grows whenever a copy of the cluster becomes the cluster: a restored one, or a
-- standby that may lack the last commits of its primary.
-- +goose StatementBegin
create function log.timeline() returns text
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$ select left(pg_walfile_name(pg_current_wal_lsn()), 8) $$;

-- Begins a quarantine, or widens the one that there is: whatever was found out
-- in it was found out about another log. The caller holds the row of the lineage.
create function log.hold(why text, comment text, reaches timestamptz, who uuid) returns uuid
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    one uuid;
begin
    update log.quarantines
    set reason = why, note = comment, since = least(since, reaches), begun_at = clock_timestamp(), begun_by = who,
        position = (select coalesce(max(e.position), 0) from log.events as e), forfeited_at = null, forfeited_by = null
    where ended_at is null
    returning id into one;
    if one is null then
        insert into log.quarantines (reason, note, since, begun_by, position)
        select why, comment, reaches, who, coalesce(max(e.position), 0)
        from log.events as e
        returning id into one;
    else
        delete from log.reconsidered where quarantine_id = one;
    end if;
    update log.lineage set held = true;
    return one;
end
$$;
-- +goose StatementEnd
revoke execute on function log.hold from public;

-- Confirms that the log is where it was and as far as is known outside, or
-- begins a quarantine. known_beat and known_token are what was kept outside;
-- null where nothing was, which proves nothing.
-- +goose StatementBegin
create function log.beat(known_beat bigint, known_token uuid)
returns table (beat bigint, token uuid, held boolean, begun text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
    l log.lineage;
    why text;
begin
    select * into strict l from log.lineage for update;
    why := case
        when l.home <> log.home() then 'copied'
        when known_beat > l.beat or known_beat = l.beat and known_token <> l.token then 'behind'
        when l.timeline <> log.timeline() then 'timeline'
    end;
    if why is not null then
        perform log.hold(why, '', l.beat_at, null);
    end if;
    return query
    update log.lineage as x
    set home = log.home(), timeline = log.timeline(), beat = greatest(x.beat, coalesce(known_beat, 0)) + 1,
        token = gen_random_uuid(), beat_at = clock_timestamp()
    returning x.beat, x.token, x.held, why;
end
$$;
-- +goose StatementEnd
revoke execute on function log.beat from public;
grant execute on function log.beat to behalf_engine;

-- Begins a quarantine because somebody, or the seal, says so.
-- +goose StatementBegin
create function log.begin_quarantine(why text, comment text, reaches timestamptz, who uuid) returns uuid
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if why not in ('by_hand', 'seal') then
        raise exception 'no reason to give: %', why;
    end if;
    perform from log.lineage for update;
    return log.hold(why, comment, reaches, who);
end
$$;
-- +goose StatementEnd
revoke execute on function log.begin_quarantine from public;
grant execute on function log.begin_quarantine to behalf_api, behalf_engine;

-- The targets whose fate the log may not know, as long as no network was asked
-- about them: what was due, what may have been approved, what may have been
-- published by hand, and attempts without an end. The view's name is looked up
-- when it is called: it stands for another table after a rebuild.
-- +goose StatementBegin
create function log.unreconciled()
returns table (quarantine uuid, workspace_id uuid, post_id uuid, account_id uuid, state text, due timestamptz, code text, not_before timestamptz)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select q.id, t.workspace_id, t.post_id, t.account_id, t.state, t.due, coalesce(r.code, ''), coalesce(r.not_before, '-infinity')
    from log.quarantines as q
    join views.targets as t on
        t.state = 'scheduled' and t.due <= q.begun_at
        or t.state = 'waiting' and (t.due <= q.begun_at or t.on_approval)
        or t.state = 'needs_reauthentication' and t.due <= q.begun_at and t.due >= q.since - interval '15 minutes'
        or t.state = 'claimed'
    left join log.reconsidered as r on r.quarantine_id = q.id and r.post_id = t.post_id and r.account_id = t.account_id
    where q.ended_at is null
    and (r.outcome is null or t.state = 'claimed');
end
$$;
-- +goose StatementEnd
revoke execute on function log.unreconciled from public;
grant execute on function log.unreconciled to behalf_api, behalf_engine;

-- Gives up asking: what is left becomes unknown.
-- +goose StatementBegin
create function log.forfeit_quarantine(who uuid) returns boolean
language sql security definer
set search_path = pg_catalog, pg_temp
as $$
    with given_up as (
        update log.quarantines set forfeited_at = clock_timestamp(), forfeited_by = who
        where ended_at is null
        returning true
    )
    select exists (select from given_up)
$$;
-- +goose StatementEnd
revoke execute on function log.forfeit_quarantine from public;
grant execute on function log.forfeit_quarantine to behalf_api;

-- Ends the quarantine and answers 0; or answers how many targets are left to be
-- asked about, or -1 where there is none. The caller has seen to it that the
-- view of the posts is as far as the log was when it began.
-- +goose StatementBegin
create function log.end_quarantine(who uuid) returns bigint
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    remaining bigint;
begin
    perform from log.lineage for update;
    select count(*) into remaining from log.unreconciled();
    if remaining > 0 then
        return remaining;
    end if;
    update log.quarantines set ended_at = clock_timestamp(), ended_by = who where ended_at is null;
    if not found then
        return -1;
    end if;
    update log.lineage set held = false;
    return 0;
end
$$;
-- +goose StatementEnd
revoke execute on function log.end_quarantine from public;
grant execute on function log.end_quarantine to behalf_api;

reset role;

-- +goose Down

drop function log.end_quarantine;
drop function log.forfeit_quarantine;
drop function log.unreconciled;
drop function log.begin_quarantine;
drop function log.beat;
drop function log.hold;
drop function log.timeline;
drop function log.home;
drop table log.reconsidered;
drop table log.quarantines;
drop table log.lineage;
