package metrics

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"

	"behalf/eventstore"
)

type log struct {
	stalls eventstore.Stalls
	err    error
}

func (l log) Stalls(context.Context) (eventstore.Stalls, error) { return l.stalls, l.err }

func TestWhatIsShown(t *testing.T) {
	t.Parallel()
	collector := New(log{stalls: eventstore.Stalls{
		Head: 12, HighWater: 10, Since: 1500 * time.Millisecond, BarrierWait: time.Second,
		Oldest: eventstore.OpenAppend{PID: 4711, Age: 2 * time.Second}, Waiting: 3, UnderWay: 4,
		Groups: []eventstore.GroupLag{{Group: "view:members:1", Positions: 5, Age: 7 * time.Second}},
	}}, slog.New(slog.DiscardHandler))
	problems, err := testutil.CollectAndLint(collector)
	require.NoError(t, err)
	require.Empty(t, problems)
	require.NoError(t, testutil.CollectAndCompare(collector, strings.NewReader(`
# HELP behalf_group_lag_positions Positions that a consumer group has not handled.
# TYPE behalf_group_lag_positions gauge
behalf_group_lag_positions{group="view:members:1"} 5
# HELP behalf_log_lag_positions Positions that were drawn and may not be read yet.
# TYPE behalf_log_lag_positions gauge
behalf_log_lag_positions 2
# HELP behalf_log_lag_seconds For how long the high-water mark has been behind.
# TYPE behalf_log_lag_seconds gauge
behalf_log_lag_seconds 1.5
# HELP behalf_log_oldest_append_pid Postgres process of the oldest append that is under way; 0 for none.
# TYPE behalf_log_oldest_append_pid gauge
behalf_log_oldest_append_pid 4711
`), "behalf_group_lag_positions", "behalf_log_lag_positions", "behalf_log_lag_seconds", "behalf_log_oldest_append_pid"))
}

func TestALogThatCannotBeAsked(t *testing.T) {
	t.Parallel()
	collector := New(log{err: errors.New("away")}, slog.New(slog.DiscardHandler))
	require.NoError(t, testutil.CollectAndCompare(collector, strings.NewReader(`
# HELP behalf_log_asked Whether the log could be asked.
# TYPE behalf_log_asked gauge
behalf_log_asked 0
`)))
}
