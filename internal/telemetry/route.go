package telemetry

import (
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

// route is the pattern that the router has matched: "/v1/workspaces/{workspace}".
func route(r *http.Request) string {
	if routing := chi.RouteContext(r.Context()); routing != nil {
		if pattern := routing.RoutePattern(); pattern != "" {
			return pattern
		}
	}
	return "none"
}

// method is the request's, as long as it is one that exists: labels are bounded.
func method(r *http.Request) string {
	known := []string{
		http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut,
		http.MethodPatch, http.MethodDelete, http.MethodOptions,
	}
	if slices.Contains(known, r.Method) {
		return r.Method
	}
	return "other"
}

// status is what net/http sends when the handler has not said: 200.
func status(answer middleware.WrapResponseWriter) int {
	if answer.Status() == 0 {
		return http.StatusOK
	}
	return answer.Status()
}
