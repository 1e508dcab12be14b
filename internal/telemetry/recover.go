package telemetry

import (
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/go-chi/chi/v5/middleware"
)

// Recover answers 500 instead of a panic and logs it with its stack. A handler
// that aborts on purpose (http.ErrAbortHandler) is let through.
func Recover(logger *slog.Logger) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			answer := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
			defer func() {
				reason := recover()
				if reason == nil {
					return
				}
				if reason == http.ErrAbortHandler { //nolint:errorlint // a panic's value, compared as net/http does
					panic(reason)
				}
				logger.ErrorContext(r.Context(), "handler panicked", "panic", reason, "stack", string(debug.Stack()))
				if answer.Status() != 0 {
					panic(http.ErrAbortHandler) // half an answer must not look whole
				}
				w.Header().Set("Content-Type", "application/problem+json") // RFC 9457
				w.WriteHeader(http.StatusInternalServerError)
				_, _ = io.WriteString(w, `{"title":"Internal Server Error","status":500}`)
			}()
			next.ServeHTTP(answer, r)
		})
	}
}
