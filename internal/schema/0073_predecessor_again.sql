-- Whoever connects again with the same authorization, because the first try was
-- lost, puts the connection's secret back as it was: what it replaces is named
-- anew with it, so that what it lacks is taken over once more (R46).

-- +goose Up

grant update (predecessor) on vault.connections to behalf_api;

-- +goose Down

revoke update (predecessor) on vault.connections from behalf_api;
