package limit

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"behalf/api/problem"
)

// The headers of draft-ietf-httpapi-ratelimit-headers: every policy that was
// applied, and what is left of each.
const (
	policyHeader = "RateLimit-Policy"
	leftHeader   = "RateLimit"
)

type headerKey struct{}

// Noting has the results of what is taken in an operation stand in its answer.
func Noting(ctx huma.Context, next func(huma.Context)) {
	_, w := humachi.Unwrap(ctx)
	next(huma.WithContext(ctx, context.WithValue(ctx.Context(), headerKey{}, w.Header())))
}

func note(ctx context.Context, result Result) {
	header, ok := ctx.Value(headerKey{}).(http.Header)
	if !ok {
		return
	}
	add(header, policyHeader, fmt.Sprintf("%q;q=%d;w=%d", result.Policy.Name, result.Policy.Quota, seconds(result.Policy.Window)))
	left := result.Reset
	if !result.Allowed {
		left = result.Retry
	}
	add(header, leftHeader, fmt.Sprintf("%q;r=%d;t=%d", result.Policy.Name, result.Remaining, seconds(left)))
}

// add makes one list of a header, which is easier to read than several lines.
func add(header http.Header, name, value string) {
	if before := header.Get(name); before != "" {
		value = before + ", " + value
	}
	header.Set(name, value)
}

// Refused is nil for a result that is allowed, and else the problem that says
// when to come again.
func (r Result) Refused() error {
	if r.Allowed {
		return nil
	}
	return problem.New(http.StatusTooManyRequests, "rate_limited", "Too many trials. Wait as long as Retry-After says.").
		RetryAfter(r.RetrySeconds())
}

// RetrySeconds is after how many seconds to come again, for who says it in
// words of their own.
func (r Result) RetrySeconds() int { return seconds(r.Retry) }

// seconds rounds up: whoever waits so long has waited long enough.
func seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }
