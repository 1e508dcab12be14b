-- Our own pauses between two attempts grow with a workspace's grace, to a
-- thirtieth of it: who waits for so long is late, and not put off by a network.
-- All else in the function stays as 0095 has it.

-- +goose Up

set local role behalf_owner;

-- +goose StatementBegin
do $$
declare
    known  text := pg_get_functiondef('workers.odd_targets(text, integer)'::regprocedure);
    before text := 'x.not_before > now() + interval ''30 seconds''';
    after  text := 'x.not_before > now() + greatest(interval ''30 seconds'', make_interval(mins => coalesce(o.grace_minutes, 15)) / 30)';
begin
    if strpos(known, before) = 0 then
        raise exception 'workers.odd_targets is not what 0095 made it';
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
    known  text := pg_get_functiondef('workers.odd_targets(text, integer)'::regprocedure);
    before text := 'x.not_before > now() + interval ''30 seconds''';
    after  text := 'x.not_before > now() + greatest(interval ''30 seconds'', make_interval(mins => coalesce(o.grace_minutes, 15)) / 30)';
begin
    execute replace(known, after, before);
end
$$;
-- +goose StatementEnd

reset role;
