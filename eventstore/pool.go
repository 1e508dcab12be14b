package eventstore

import (
	"context"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// The database roles that connections run under.
const (
	RoleOwner  = "behalf_owner"  // owns every object; migrations
	RoleAPI    = "behalf_api"    // people's requests: sees what a Scope names, nothing without one
	RoleEngine = "behalf_engine" // views, policies, sweeper, leader: sees everything
)

// What a connection may do at most. An append waits for stream locks that are
// held for one round trip; a handler that is still idle inside its transaction
// after a minute holds everybody else up.
const (
	statementTimeout = 30 * time.Second
	lockTimeout      = 5 * time.Second
	idleInTxTimeout  = time.Minute
	connectTimeout   = 5 * time.Second
	keepAlive        = 10 * time.Second
)

// ofVanishedHosts let Postgres end the sessions of a host that is gone after
// some ten seconds, with the row locks that they hold; those that lead are ended sooner.
var ofVanishedHosts = map[string]string{
	"tcp_keepalives_idle":     "5",     // seconds
	"tcp_keepalives_interval": "2",     // seconds
	"tcp_keepalives_count":    "3",     //
	"tcp_user_timeout":        "10000", // milliseconds
}

// maxConns is how many connections a pool opens at most when its url does not
// say: every consumer group at work and the leader hold one each.
const maxConns = 16

// PoolConfig describes a pool whose connections run under role (one of the
// Role constants), with limits. The url is anything that pgx understands; its
// pool_* parameters count. Whoever the url signs in as has to be a member of the role.
func PoolConfig(url, role string) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read the database address: %w", err)
	}
	if !strings.Contains(url, "pool_max_conns") {
		config.MaxConns = maxConns
	}
	return UnderRole(config, role), nil
}

// UnderRole makes the connections of a pool run under role, with the limits of
// PoolConfig. It changes config and returns it.
func UnderRole(config *pgxpool.Config, role string) *pgxpool.Config {
	setRole := "set role " + pgx.Identifier{role}.Sanitize() // an identifier cannot be a parameter
	before := config.AfterConnect
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		if before != nil {
			if err := before(ctx, conn); err != nil {
				return err
			}
		}
		if _, err := conn.Exec(ctx, setRole); err != nil {
			return fmt.Errorf("take the role %s: %w", role, err)
		}
		return nil
	}
	conn := config.ConnConfig
	conn.ConnectTimeout = connectTimeout
	conn.DialFunc = (&net.Dialer{KeepAlive: keepAlive}).DialContext
	for name, limit := range map[string]time.Duration{
		"statement_timeout":                   statementTimeout,
		"lock_timeout":                        lockTimeout,
		"idle_in_transaction_session_timeout": idleInTxTimeout,
	} {
		if _, chosen := conn.RuntimeParams[name]; !chosen {
			conn.RuntimeParams[name] = fmt.Sprint(limit.Milliseconds())
		}
	}
	for name, value := range ofVanishedHosts {
		if _, chosen := conn.RuntimeParams[name]; !chosen {
			conn.RuntimeParams[name] = value
		}
	}
	if _, chosen := conn.RuntimeParams["application_name"]; !chosen {
		conn.RuntimeParams["application_name"] = role
	}
	config.MaxConnLifetimeJitter = config.MaxConnLifetime / 10
	return config
}
