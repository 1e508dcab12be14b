package limit

import (
	"encoding/hex"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"net"

	"behalf/api/problem"
	"behalf/api/signin"
)

// PerClient bounds the requests from one network address. It comes before
// authenticating, which asks the database.
func PerClient(l *Limiter, policy Policy) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		r, _ := humachi.Unwrap(ctx)
		host, _, _ := net.SplitHostPort(r.RemoteAddr)
		pass(ctx, next, l.Take(ctx.Context(), policy, signin.Network(host)))
	}
}

// PerAccount bounds the requests of one person's sessions together, and those
// of each of their API tokens: a program that runs wild locks nobody else out.
func PerAccount(l *Limiter, policy Policy) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		principal := signin.From(ctx.Context())
		switch {
		case principal.User.IsZero():
			next(ctx)
		case principal.IsSession:
			pass(ctx, next, l.Take(ctx.Context(), policy, principal.User.String()))
		default:
			pass(ctx, next, l.Take(ctx.Context(), policy, hex.EncodeToString(principal.Credential[:])))
		}
	}
}

func pass(ctx huma.Context, next func(huma.Context), result Result) {
	if err := result.Refused(); err != nil {
		r, w := humachi.Unwrap(ctx)
		problem.Write(w, r, err)
		return
	}
	next(ctx)
}
