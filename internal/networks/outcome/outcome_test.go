package outcome_test

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"behalf/internal/networks"
	"behalf/internal/networks/outcome"
	"behalf/internal/networks/wire"
)

func TestWait(t *testing.T) {
	t.Parallel()
	const date = "Sun, 22 Nov 2026 12:00:00 GMT"
	for name, test := range map[string]struct {
		header http.Header
		want   time.Duration
	}{
		"seconds":             {http.Header{"Retry-After": {"7"}}, 7 * time.Second},
		"a date":              {http.Header{"Retry-After": {"Sun, 22 Nov 2026 12:05:00 GMT"}, "Date": {date}}, 5 * time.Minute},
		"a date without ours": {http.Header{"Retry-After": {"Sun, 22 Nov 2026 12:05:00 GMT"}}, outcome.DefaultWait},
		"unix":                {http.Header{"Reset": {"1795348830"}, "Date": {date}}, 30 * time.Second},
		"rfc 3339":            {http.Header{"Reset": {"2026-11-22T12:02:00.123Z"}, "Date": {date}}, 2*time.Minute + 123*time.Millisecond},
		"nothing":             {http.Header{}, outcome.DefaultWait},
		"past":                {http.Header{"Reset": {"1"}, "Date": {date}}, outcome.DefaultWait},
		"for ever":            {http.Header{"Retry-After": {"99999999999"}}, outcome.LongestWait},
		"nonsense":            {http.Header{"Retry-After": {"soon"}, "Date": {date}}, outcome.DefaultWait},
		"negative":            {http.Header{"Retry-After": {"-3"}}, outcome.DefaultWait},
	} {
		require.Equal(t, test.want, outcome.Wait(test.header, "Reset"), name)
	}
}

// What says when it will be back is believed, whatever was asked of it; what does
// not say so names no time.
func TestUndocumented(t *testing.T) {
	t.Parallel()
	const date = "Sun, 22 Nov 2026 12:00:00 GMT"
	for name, test := range map[string]struct {
		header http.Header
		want   time.Duration
	}{
		"seconds":     {http.Header{"Retry-After": {"120"}}, 2 * time.Minute},
		"a date":      {http.Header{"Retry-After": {"Sun, 22 Nov 2026 12:05:00 GMT"}, "Date": {date}}, 5 * time.Minute},
		"for ever":    {http.Header{"Retry-After": {"99999999999"}}, outcome.LongestWait},
		"nothing":     {http.Header{}, 0},
		"no time":     {http.Header{"Retry-After": {"0"}}, 0},
		"past":        {http.Header{"Retry-After": {"Sun, 22 Nov 2026 11:00:00 GMT"}, "Date": {date}}, 0},
		"nonsense":    {http.Header{"Retry-After": {"soon"}, "Date": {date}}, 0},
		"of a window": {http.Header{"X-Ratelimit-Reset": {"1795348830"}, "Date": {date}}, 0},
	} {
		for call, kind := range map[networks.Call]networks.FailureKind{
			networks.CallRead: networks.Unavailable, networks.CallPrepare: networks.Unavailable,
			networks.CallPublish: networks.Ambiguous, networks.CallDelete: networks.Ambiguous, networks.CallRefresh: networks.Ambiguous,
		} {
			failure := outcome.Undocumented("The network", networks.Answer{Call: call, Sent: true, Status: 503, Header: test.header})
			require.Equal(t, kind, failure.Kind, name)
			require.Equal(t, "http_503", failure.Code, name)
			require.Equal(t, test.want, failure.RetryAfter, name)
			if test.want > 0 {
				require.Equal(t, networks.ScopeHost, failure.Scope, name)
			}
			refused := outcome.Undocumented("The network", networks.Answer{Call: call, Sent: true, Status: 403, Header: test.header})
			require.Zero(t, refused.RetryAfter, "it is said of no refusal")
		}
	}
}

func TestUnanswered(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for name, test := range map[string]struct {
		answer networks.Answer
		want   networks.FailureKind
	}{
		"whole":           {networks.Answer{Call: networks.CallPublish, Status: 500}, ""},
		"nothing left":    {networks.Answer{Call: networks.CallPublish, Err: broken}, networks.NotSent},
		"sent":            {networks.Answer{Call: networks.CallPublish, Err: broken, Sent: true}, networks.Ambiguous},
		"half an answer":  {networks.Answer{Call: networks.CallPublish, Err: broken, Status: 200}, networks.Ambiguous},
		"a deletion":      {networks.Answer{Call: networks.CallDelete, Err: broken, Sent: true}, networks.Ambiguous},
		"a read":          {networks.Answer{Call: networks.CallRead, Err: broken, Sent: true}, networks.Unavailable},
		"a preparation":   {networks.Answer{Call: networks.CallPrepare, Err: broken, Sent: true}, networks.Unavailable},
		"a private place": {networks.Answer{Call: networks.CallPublish, Err: fmt.Errorf("x: %w", wire.ErrForbidden)}, networks.Rejected},
	} {
		failure := outcome.Unanswered("The network", test.answer)
		if test.want == "" {
			require.Nil(t, failure, name)
			continue
		}
		require.Equal(t, test.want, failure.Kind, name)
		require.ErrorIs(t, failure, test.answer.Err, name)
	}
}
