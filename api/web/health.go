package web

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"time"
)

// checkPatience is how long one health check may take.
const checkPatience = 2 * time.Second

// Check looks at one thing that Behalf depends on.
type Check struct {
	Name     string // "postgres", "redis", "views"
	Required bool   // whether nothing can be answered without it
	// Look answers a few words for operators ("3 events behind") and an error
	// when it does not work; the error is not shown.
	Look func(context.Context) (detail string, err error)
}

// Health is the body of /readyz.
type Health struct {
	Status string            `json:"status"` // "ready", "degraded", "unavailable"
	Checks map[string]Result `json:"checks,omitempty"`
}

// Result is how one check went.
type Result struct {
	OK     bool   `json:"ok"`
	Detail string `json:"detail,omitempty"`
}

// Alive answers as long as the process does.
func Alive(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, Health{Status: "alive"}) }

// Ready answers 200 while everything that is required works, degraded when
// something else does not, and 503 otherwise.
func Ready(checks []Check) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		health := Health{Status: "ready", Checks: map[string]Result{}}
		results := look(r.Context(), checks)
		for i, check := range checks {
			health.Checks[check.Name] = results[i]
			switch {
			case results[i].OK:
			case check.Required:
				health.Status = "unavailable"
			case health.Status == "ready":
				health.Status = "degraded"
			}
		}
		status := http.StatusOK
		if health.Status == "unavailable" {
			status = http.StatusServiceUnavailable
		}
		answer(w, status, health)
	}
}

func look(ctx context.Context, checks []Check) []Result {
	ctx, cancel := context.WithTimeout(ctx, checkPatience)
	defer cancel()
	results := make([]Result, len(checks))
	var looking sync.WaitGroup
	for i, check := range checks {
		looking.Go(func() {
			detail, err := check.Look(ctx)
			results[i] = Result{OK: err == nil, Detail: detail}
		})
	}
	looking.Wait()
	return results
}

func answer(w http.ResponseWriter, status int, health Health) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(health) // the client is gone, nobody is left to tell
}

// Postgres checks that the database answers; nothing works without it.
func Postgres(pool interface{ Ping(context.Context) error }) Check {
	return Check{Name: "postgres", Required: true, Look: func(ctx context.Context) (string, error) {
		return "", pool.Ping(ctx)
	}}
}
