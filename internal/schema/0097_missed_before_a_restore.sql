-- After a restore the networks are asked as well about what waits for a person
-- by the log, being missed, failed, or held past its time, where that is of a week
-- before the log's last knowledge or later: somebody may have had it published
-- since (R69). Older ones are left alone, so that a long history of failures holds
-- no end up, and is not unknown where nobody can be asked. Who plans such a target
-- anew while the quarantine holds does not take it from the list. All else is as
-- 0055_quarantine.sql says.

-- +goose Up

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

reset role;
