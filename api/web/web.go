// Package web is what every request passes on its way in and out, whatever it
// asks for: ids, limits, headers, health.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"

	"behalf/api/live/stream"
	"behalf/api/problem"
	"behalf/internal/telemetry"
)

// Patience is how long a request may take, queries that wait for a view and
// calls to a network included. Streams last longer.
const Patience = 20 * time.Second

// correlationHeader is the public name of what belongs together across
// requests; telemetry's own name for it is understood too.
const correlationHeader = "Correlation-Id"

// Correlate lets a caller name what belongs together, and tells every answer's
// correlation id.
func Correlate(next http.Handler) http.Handler {
	named := telemetry.Requests(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(correlationHeader, telemetry.CorrelationID(r.Context()))
		next.ServeHTTP(w, r)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if id := r.Header.Get(correlationHeader); id != "" {
			r.Header.Set(telemetry.CorrelationIDHeader, id)
		}
		named.ServeHTTP(w, r)
	})
}

// Bound gives a request its time, and its problems their address and their log.
func Bound(publicURL string, logger *slog.Logger) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithTimeout(stream.Unbounded(r.Context()), Patience)
			defer cancel()
			ctx = problem.WithLogger(problem.WithBase(ctx, publicURL), logger)
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}

// Headers tells browsers to trust nothing but what is meant: nothing of the
// API is framed, sniffed, cached or named to other sites.
func Headers(publicURL string) func(http.Handler) http.Handler {
	secure := strings.HasPrefix(publicURL, "https://")
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			header := w.Header()
			header.Set("X-Content-Type-Options", "nosniff")
			header.Set("X-Frame-Options", "DENY")
			header.Set("Referrer-Policy", "no-referrer")
			header.Set("Cross-Origin-Opener-Policy", "same-origin")
			header.Set("Cross-Origin-Resource-Policy", "same-origin")
			header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
			header.Set("Cache-Control", "no-store")
			if secure {
				header.Set("Strict-Transport-Security", "max-age=31536000")
			}
			next.ServeHTTP(w, r)
		})
	}
}

// NotFound answers for every address that there is not, whoever asks: it follows
// from the address alone, and says nothing of what exists (R32).
func NotFound(w http.ResponseWriter, r *http.Request) {
	problem.Write(w, r, problem.New(http.StatusNotFound, "no_such_address", "The documentation at /docs lists the addresses that there are."))
}

// NotAllowed answers for an address that has other methods, and names them.
func NotAllowed(w http.ResponseWriter, r *http.Request) {
	routes := chi.RouteContext(r.Context()).Routes
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		if routes.Match(chi.NewRouteContext(), method, r.URL.Path) {
			w.Header().Add("Allow", method)
			if method == http.MethodGet {
				w.Header().Add("Allow", http.MethodHead)
			}
		}
	}
	problem.Write(w, r, problem.New(http.StatusMethodNotAllowed, "method_not_allowed", "The Allow header lists the methods of this address."))
}
