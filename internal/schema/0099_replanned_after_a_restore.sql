-- What was due by the restored log stays on the list of what the networks are
-- asked about, whatever a person does with it since: who moves it, takes it back,
-- edits it or has it published now has not found out whether it went out before
-- (R69). Who asks goes through what became of each of these posts since the log's
-- last knowledge, and drops what was never to have gone out. All else is as
-- 0097_missed_before_a_restore.sql says.

-- +goose Up

set local role behalf_owner;

-- A quarantine may begin after people have come back, and one that is widened
-- begins anew: both later than what is to be asked about.
alter table log.quarantines add column origin bigint; -- position of the last that happened by since
update log.quarantines as q
set origin = case
    when q.ended_at is not null then 0 -- nobody asks any more
    else coalesce((
        select e.position
        from log.events as e
        where e.recorded_at <= q.since
        order by e.position desc
        limit 1
    ), 0)
end;
alter table log.quarantines alter column origin set not null;

alter table log.reconsidered drop constraint reconsidered_outcome_check;
alter table log.reconsidered add constraint reconsidered_outcome_check
    check (outcome in ('published', 'absent', 'unknown', 'not_due'));

-- +goose StatementBegin
create or replace function log.hold(why text, comment text, reaches timestamptz, who uuid) returns uuid
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
    one uuid;
    head bigint;
    known bigint := 0;
    beyond bigint;
    middle bigint;
begin
    select coalesce(max(e.position), 0) into head from log.events as e;
    -- By halves, because moments have no index: to read back a day of a large log
    -- takes longer than a statement may. An event whose moment is a little out of
    -- its order can make it lower, which asks about more.
    beyond := head + 1;
    while known + 1 < beyond loop
        middle := (known + beyond) / 2;
        if exists (
            select
            from (
                select e.recorded_at
                from log.events as e
                where e.position <= middle
                order by e.position desc
                limit 1
            ) as last
            where last.recorded_at > reaches
        ) then
            beyond := middle;
        else
            known := middle;
        end if;
    end loop;
    update log.quarantines
    set reason = why, note = comment, since = least(since, reaches), begun_at = clock_timestamp(), begun_by = who,
        position = head, origin = least(origin, known), forfeited_at = null, forfeited_by = null
    where ended_at is null
    returning id into one;
    if one is null then
        insert into log.quarantines (reason, note, since, begun_by, position, origin)
        values (why, comment, reaches, who, head, known)
        returning id into one;
    else
        delete from log.reconsidered where quarantine_id = one;
    end if;
    update workers.prepared set doubted = true where not doubted;
    update log.lineage set held = true;
    return one;
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create or replace function log.unreconciled()
returns table (quarantine uuid, workspace_id uuid, post_id uuid, account_id uuid, state text, due timestamptz, code text, not_before timestamptz)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select q.id, t.workspace_id, t.post_id, t.account_id, t.state, coalesce(t.due, q.begun_at), coalesce(r.code, ''), coalesce(r.not_before, '-infinity')
    from log.quarantines as q
    join views.targets as t on
        t.state = 'scheduled' and t.due <= q.begun_at
        or t.state = 'waiting' and (t.due <= q.begun_at or t.on_approval)
        or t.state = 'needs_reauthentication' and t.due <= q.begun_at and t.due >= q.since - interval '15 minutes'
        or t.state = 'claimed'
        or (t.state in ('missed', 'failed') or t.state = 'needs_reauthentication' and t.due <= q.begun_at) and exists (
            select
            from log.events as e
            where e.position = t.position
            and e.recorded_at >= q.since - interval '7 days'
        )
        or t.position > q.origin
        and t.state in ('draft', 'declined', 'waiting', 'scheduled', 'needs_reauthentication', 'missed', 'failed')
        and not exists ( -- before its stream is read, once a second
            select
            from log.reconsidered as x
            where x.quarantine_id = q.id
            and x.post_id = t.post_id
            and x.account_id = t.account_id
            and x.outcome is not null
        )
        and exists ( -- it was to go out by then, at some time or other
            select
            from log.events as e
            where e.stream = 'post-' || replace(t.post_id::text, '-', '')
            and e.position <= q.position
            and e.type in ('post.scheduled.v1', 'post.rescheduled.v1', 'post.target_scheduled.v1')
            and (
                (log.readable(e.data) ->> 'at')::timestamptz <= q.begun_at
                or log.readable(e.data) -> 'on_approval' = 'true'
            )
        )
    left join log.reconsidered as r on r.quarantine_id = q.id and r.post_id = t.post_id and r.account_id = t.account_id
    where q.ended_at is null
    and (r.outcome is null or t.state = 'claimed');
end
$$;
-- +goose StatementEnd

reset role;

-- +goose Down

set local role behalf_owner;

-- +goose StatementBegin
create or replace function log.unreconciled()
returns table (quarantine uuid, workspace_id uuid, post_id uuid, account_id uuid, state text, due timestamptz, code text, not_before timestamptz)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select q.id, t.workspace_id, t.post_id, t.account_id, t.state, coalesce(t.due, q.begun_at), coalesce(r.code, ''), coalesce(r.not_before, '-infinity')
    from log.quarantines as q
    join views.targets as t on
        t.state = 'scheduled' and t.due <= q.begun_at
        or t.state = 'waiting' and (t.due <= q.begun_at or t.on_approval)
        or t.state = 'needs_reauthentication' and t.due <= q.begun_at and t.due >= q.since - interval '15 minutes'
        or t.state = 'claimed'
        or (t.state in ('missed', 'failed') or t.state = 'needs_reauthentication' and t.due <= q.begun_at) and exists (
            select
            from log.events as e
            where e.position = t.position
            and e.recorded_at >= q.since - interval '7 days'
        )
        or t.state in ('scheduled', 'waiting') and exists (
            select
            from log.events as e
            where e.stream = 'post-' || replace(t.post_id::text, '-', '')
            and e.position > q.position
            and e.type in ('post.scheduled.v1', 'post.target_scheduled.v1')
        ) and exists (
            select
            from log.events as e
            where e.stream = 'post-' || replace(t.post_id::text, '-', '')
            and e.position <= q.position
            and e.type in ('post.target_missed.v1', 'post.target_failed.v1', 'post.target_needs_reauthentication.v1')
            and e.recorded_at >= q.since - interval '7 days'
        )
    left join log.reconsidered as r on r.quarantine_id = q.id and r.post_id = t.post_id and r.account_id = t.account_id
    where q.ended_at is null
    and (r.outcome is null or t.state = 'claimed');
end
$$;
-- +goose StatementEnd

-- +goose StatementBegin
create or replace function log.hold(why text, comment text, reaches timestamptz, who uuid) returns uuid
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
    update workers.prepared set doubted = true where not doubted;
    update log.lineage set held = true;
    return one;
end
$$;
-- +goose StatementEnd

delete from log.reconsidered where outcome = 'not_due';
alter table log.reconsidered drop constraint reconsidered_outcome_check;
alter table log.reconsidered add constraint reconsidered_outcome_check check (outcome in ('published', 'absent', 'unknown'));
alter table log.quarantines drop column origin;

reset role;
