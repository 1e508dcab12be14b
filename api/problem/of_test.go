package problem_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"behalf/api/problem"
	"behalf/domain"
	"behalf/eventstore"
	"behalf/internal/networks"
)

// What does not answer now is worth asking again, and says so; what is wrong
// with us is not. Neither tells its cause.
func TestBroken(t *testing.T) {
	t.Parallel()
	answered := func(code string) error { return &pgconn.PgError{Code: code, Message: "canary"} }
	for name, test := range map[string]struct {
		err    error
		status int
		code   string
	}{
		"killed in the middle": {io.ErrUnexpectedEOF, http.StatusServiceUnavailable, "unavailable"},
		"connection reset":     {&net.OpError{Op: "write", Err: syscall.ECONNRESET}, http.StatusServiceUnavailable, "unavailable"},
		"shutting down":        {answered("57P01"), http.StatusServiceUnavailable, "unavailable"},
		"disk full":            {answered("53100"), http.StatusServiceUnavailable, "unavailable"},
		"only reading":         {answered("25006"), http.StatusServiceUnavailable, "unavailable"},
		"stopping":             {eventstore.ErrClosed, http.StatusServiceUnavailable, "unavailable"},
		"answer lost":          {&eventstore.InterruptedError{Unknown: true, Cause: io.ErrUnexpectedEOF}, http.StatusServiceUnavailable, "outcome_unknown"},
		"not written":          {&eventstore.InterruptedError{Cause: answered("57P01")}, http.StatusServiceUnavailable, "unavailable"},
		"a constraint of ours": {&pgconn.PgError{Code: "23514", ConstraintName: "events_check"}, http.StatusInternalServerError, "internal"},
		"too slow":             {context.DeadlineExceeded, http.StatusServiceUnavailable, "timed_out"},
		"a busy network":       {&networks.Failure{Kind: networks.RateLimited}, http.StatusServiceUnavailable, "network_unavailable"},
		"held back by one":     {&networks.Failure{Kind: networks.Blocked}, http.StatusServiceUnavailable, "network_unavailable"},
		"nonsense of one":      {&networks.Failure{Kind: networks.Duplicate}, http.StatusBadGateway, "network_failed"},
		"our mistake":          {answered("42703"), http.StatusInternalServerError, "internal"},
		"anything else":        {errors.New("canary"), http.StatusInternalServerError, "internal"},
	} {
		found := problem.Of(t.Context(), fmt.Errorf("canary: %w", test.err))
		require.Equal(t, test.status, found.Status, name)
		require.Equal(t, test.code, found.Code, name)
		require.NotContains(t, found.Detail, "canary", name)
		require.Equal(t, test.status == http.StatusServiceUnavailable, found.GetHeaders().Get("Retry-After") != "", name)
	}
}

// A detail that would only repeat the title is left out; one that says more stays,
// and so does what a field is told.
func TestNothingIsSaidTwice(t *testing.T) {
	t.Parallel()
	twice := problem.Of(t.Context(), domain.Wrong(domain.R19, "credential_mode", "mode_without_manage_posts", "A credential mode goes only with manage_posts."))
	require.Equal(t, "A credential mode goes only with manage_posts", twice.Title)
	require.Empty(t, twice.Detail)
	require.Equal(t, "A credential mode goes only with manage_posts.", twice.Errors[0].Message)
	require.Equal(t, "The current version is 3.", problem.Of(t.Context(), &problem.StaleError{Actual: 3}).Detail)
}
