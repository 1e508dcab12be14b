package eventstore

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// A host that loses its power says no goodbye: without these Postgres would
// keep its sessions, and the locks that others stand for, for hours. With
// them a session ends two to three seconds after its host was heard last. On
// unix sockets, where a process cannot vanish alone, they do nothing.
const sqlNoticeVanishing = `
select
	set_config('tcp_keepalives_idle', '1', false),
	set_config('tcp_keepalives_interval', '1', false),
	set_config('tcp_keepalives_count', '2', false),
	set_config('tcp_user_timeout', '2000', false)`

// NoticeVanishing makes Postgres end a session soon after its host is gone, so
// that another process can take over within five seconds. It is for the
// connections that hold a lock which others stand for; for all others two
// seconds without a network would be too short a life.
func NoticeVanishing(ctx context.Context, conn *pgx.Conn) error {
	if _, err := conn.Exec(ctx, sqlNoticeVanishing); err != nil {
		return fmt.Errorf("let Postgres notice a host that is gone: %w", err)
	}
	return nil
}
