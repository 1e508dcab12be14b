-- Workers count what waits, for metrics: often, and beside a hundred thousand
-- targets of next week.

-- +goose Up

set local role behalf_owner;

grant execute on function workers.waiting to behalf_engine;

-- What is put off is put off within its grace: by that, late targets are found
-- by an index.
-- +goose StatementBegin
create or replace function workers.odd_targets(which text, most integer)
returns table (
    total bigint, workspace_id uuid, post_id uuid, account_id uuid, network text, state text,
    due timestamptz, since timestamptz, again timestamptz, code text, paused boolean, held boolean
)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select
        count(*) over (), t.workspace_id, t.post_id, t.account_id, coalesce(a.network, ''), t.state,
        t.due, t.since, t.not_before, t.code, coalesce(a.paused or w.paused, false), l.held
    from (
        select x.*, x.due as since
        from views.targets as x
        where which = 'late'
        and x.state = 'scheduled'
        and x.due < now() - interval '10 seconds'
        and greatest(x.due, x.not_before) < now() + interval '1 day' -- the longest grace (R56)
        union all
        select x.*, x.deadline
        from views.targets as x
        where which = 'stuck'
        and x.state in ('claimed', 'handed_over')
        and x.deadline < now() - interval '10 minutes'
        union all
        select x.*, x.due
        from views.targets as x
        where which = 'stuck'
        and x.state = 'waiting'
        and x.due < now() - interval '10 minutes'
        union all
        select x.*, e.recorded_at
        from views.targets as x
        left join log.events as e on e.position = x.position
        where which = 'unknown'
        and x.state = 'unknown'
    ) as t
    cross join log.lineage as l
    left join views.accounts as a on a.account_id = t.account_id
    left join views.workspaces as w on w.workspace_id = t.workspace_id
    order by t.since, t.post_id, t.account_id
    limit most;
end
$$;
-- +goose StatementEnd

reset role;

-- +goose Down

-- +goose StatementBegin
create or replace function workers.odd_targets(which text, most integer)
returns table (
    total bigint, workspace_id uuid, post_id uuid, account_id uuid, network text, state text,
    due timestamptz, since timestamptz, again timestamptz, code text, paused boolean, held boolean
)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select
        count(*) over (), t.workspace_id, t.post_id, t.account_id, coalesce(a.network, ''), t.state,
        t.due, t.since, t.not_before, t.code, coalesce(a.paused or w.paused, false), l.held
    from (
        select x.*, x.due as since
        from views.targets as x
        where which = 'late'
        and x.state = 'scheduled'
        and x.due < now() - interval '10 seconds'
        union all
        select x.*, x.deadline
        from views.targets as x
        where which = 'stuck'
        and x.state in ('claimed', 'handed_over')
        and x.deadline < now() - interval '10 minutes'
        union all
        select x.*, x.due
        from views.targets as x
        where which = 'stuck'
        and x.state = 'waiting'
        and x.due < now() - interval '10 minutes'
        union all
        select x.*, e.recorded_at
        from views.targets as x
        left join log.events as e on e.position = x.position
        where which = 'unknown'
        and x.state = 'unknown'
    ) as t
    cross join log.lineage as l
    left join views.accounts as a on a.account_id = t.account_id
    left join views.workspaces as w on w.workspace_id = t.workspace_id
    order by t.since, t.post_id, t.account_id
    limit most;
end
$$;
-- +goose StatementEnd
revoke execute on function workers.waiting from behalf_engine;
