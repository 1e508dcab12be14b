-- Whoever revokes looks whether the holder is just choosing accounts from what
-- the same network has granted: some answer with the authorization that is to be
-- revoked. What was granted stays the API's alone.

-- +goose Up

set local role behalf_owner;
grant select (user_id, network) on vault.grants to behalf_engine;
reset role;

-- +goose Down

set local role behalf_owner;
revoke select (user_id, network) on vault.grants from behalf_engine;
reset role;
