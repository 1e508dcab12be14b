package web

import (
	"fmt"
	"net/http"
	"runtime/debug"

	"github.com/go-chi/chi/v5/middleware"

	"behalf/api/problem"
)

// Recover answers the problem "internal" instead of a panic, which is logged
// with its stack. A handler that aborts on purpose (http.ErrAbortHandler) is let
// through, and one that has begun to answer is cut off.
func Recover(next http.Handler) http.Handler {
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
			panicked := problem.Of(r.Context(), fmt.Errorf("handler panicked: %v\n%s", reason, debug.Stack()))
			if answer.Status() != 0 {
				panic(http.ErrAbortHandler)
			}
			problem.Write(answer, r, panicked)
		}()
		next.ServeHTTP(answer, r)
	})
}
