// Package term is the life of a connection whose session lock makes a process
// the one that does something, while others stand by to take over.
package term

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Candidacy is the pause between two tries to get the lock, or to connect.
const Candidacy = time.Second

// goodbye is for closing the connection.
const goodbye = 500 * time.Millisecond

// Serve takes a connection out of the pool for work alone, and closes it
// afterwards. Postgres ends its session soon after the host is gone, so that
// another process can take over within five seconds.
func Serve(ctx context.Context, pool *pgxpool.Pool, work func(context.Context, *pgx.Conn) error) error {
	pooled, err := pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	conn := pooled.Hijack()
	defer func() {
		ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), goodbye)
		defer cancel()
		_ = conn.Close(ending) // the session ends either way, and its locks with it
	}()
	if _, err := conn.Exec(ctx, sqlNoticeVanishing); err != nil {
		return fmt.Errorf("let Postgres notice a host that is gone: %w", err)
	}
	return work(ctx, conn)
}

// A host that loses its power says no goodbye: without these Postgres would
// keep its sessions, and the locks that others stand for, for hours. With
// them a session ends two to three seconds after its host was heard last. For
// all other connections that would be too short a life without a network. On
// unix sockets, where a process cannot vanish alone, they do nothing.
const sqlNoticeVanishing = `
select
	set_config('tcp_keepalives_idle', '1', false),
	set_config('tcp_keepalives_interval', '1', false),
	set_config('tcp_keepalives_count', '2', false),
	set_config('tcp_user_timeout', '2000', false)`
