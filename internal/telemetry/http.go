package telemetry

import (
	"log/slog"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/go-chi/chi/v5/middleware"
	"github.com/google/uuid"
)

// The headers that carry ids in and out.
const (
	RequestIDHeader     = "X-Request-Id"
	CorrelationIDHeader = "X-Correlation-Id"
)

// wellFormedID is what we take over from outside: it ends up in logs and events.
var wellFormedID = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// Requests gives each request its ids: those that it brings, when well formed,
// else new ones; the correlation id defaults to the request's. The answer names the request.
func Requests(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		request := idFrom(r.Header, RequestIDHeader)
		if request == "" {
			request = uuid.Must(uuid.NewV7()).String()
		}
		correlation := idFrom(r.Header, CorrelationIDHeader)
		if correlation == "" {
			correlation = request
		}
		w.Header().Set(RequestIDHeader, request)
		ctx := WithCorrelationID(WithRequestID(r.Context(), request), correlation)
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func idFrom(header http.Header, name string) string {
	if id := header.Get(name); wellFormedID.MatchString(id) {
		return id
	}
	return ""
}

// AccessLog logs each answered request: the route's pattern instead of the
// path, and neither query nor body, because all of those can hold secrets, nor
// who it came from, because addresses are personal data (R66).
// Server errors are warnings. A stream is no request that took long: it is said
// apart, when it has ended. It has to be a middleware of the chi router itself.
func AccessLog(logger *slog.Logger) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			begin, answer := time.Now(), middleware.NewWrapResponseWriter(w, r.ProtoMajor)
			defer func() {
				level := slog.LevelInfo
				if status(answer) >= http.StatusInternalServerError {
					level = slog.LevelWarn
				}
				what := "request"
				if streams(answer.Header()) {
					what = "stream"
				}
				logger.LogAttrs(r.Context(), level, what,
					slog.String("method", r.Method),
					slog.String("route", route(r)),
					slog.Int("status", status(answer)),
					slog.Int("bytes", answer.BytesWritten()),
					slog.Float64("took_ms", float64(time.Since(begin).Microseconds())/1000),
				)
			}()
			next.ServeHTTP(answer, r)
		})
	}
}

// Middleware measures requests by method, route and status, and how long streams
// last, by route. It has to be a
// middleware of the chi router itself.
func (m *Metrics) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin, answer := time.Now(), middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		defer func() {
			if streams(answer.Header()) {
				m.streams.WithLabelValues(route(r)).Observe(time.Since(begin).Seconds())
				return
			}
			m.http.WithLabelValues(method(r), route(r), strconv.Itoa(status(answer))).
				Observe(time.Since(begin).Seconds())
		}()
		next.ServeHTTP(answer, r)
	})
}

// streams reports whether an answer is a stream of events, which lasts as long as
// its reader wants.
func streams(header http.Header) bool {
	return strings.HasPrefix(header.Get("Content-Type"), "text/event-stream")
}
