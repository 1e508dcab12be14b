-- A person gets a digest half an hour after the last one at the earliest
-- (outbox.Apart). What is gathered until then waits, and is not due yet. All else
-- in the function stays as 0020 has it.

-- +goose Up

set local role behalf_owner;

-- +goose StatementBegin
do $$
declare
    known  text := pg_get_functiondef('workers.waiting()'::regprocedure);
    before text := $before$
        select 'digests', g.noted_at
        from workers.gathered as g
$before$;
    after  text := $after$
        select 'digests', greatest(g.noted_at, d.made_at + interval '30 minutes')
        from workers.gathered as g
        left join workers.digests as d on d.person = g.person
$after$;
begin
    if strpos(known, before) = 0 then
        raise exception 'workers.waiting is not what 0020 made it';
    end if;
    execute replace(known, before, after);
end
$$;
-- +goose StatementEnd

reset role;

-- +goose Down

set local role behalf_owner;

-- +goose StatementBegin
do $$
declare
    known  text := pg_get_functiondef('workers.waiting()'::regprocedure);
    before text := $before$
        select 'digests', g.noted_at
        from workers.gathered as g
$before$;
    after  text := $after$
        select 'digests', greatest(g.noted_at, d.made_at + interval '30 minutes')
        from workers.gathered as g
        left join workers.digests as d on d.person = g.person
$after$;
begin
    if strpos(known, after) = 0 then
        raise exception 'workers.waiting is not what 0100 made it';
    end if;
    execute replace(known, after, before);
end
$$;
-- +goose StatementEnd

reset role;
