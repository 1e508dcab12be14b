package signin

import (
	"context"
	"time"

	"behalf/domain"
)

// Principal is who a request acts for, and by which credential.
type Principal struct {
	User       domain.UserID
	Credential [32]byte // SHA-256 of the session's or API token's secret: what a flow is bound to
	IsSession  bool     // signed in by a person, rather than a program's API token
	Address    string   // the IP address that the request came from
	Client     string   // the program that sent it, as it calls itself: "Firefox on Linux"

	// What an API token may do, and in which workspaces; a session may do
	// everything that its person may.
	Scopes     []Scope
	Workspaces []domain.WorkspaceID // none: all of the person's

	// TwoFactor: the person has a second factor, and proved it in this session.
	// Programs cannot prove anything: for an API token having one is enough,
	// because making the token took a fresh proof (R63).
	TwoFactor bool
	ProvedAt  time.Time // when the person proved last who they are; zero for an API token
	Waiting   bool      // signed in but for the second factor: may prove it, and nothing else
}

type principalKey struct{}

// With returns a context that acts for the principal.
func With(ctx context.Context, p Principal) context.Context {
	return context.WithValue(ctx, principalKey{}, p)
}

// From returns who the context acts for: the zero Principal when nobody signed in.
func From(ctx context.Context) Principal {
	principal, _ := ctx.Value(principalKey{}).(Principal)
	return principal
}
