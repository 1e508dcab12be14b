package networks

import "context"

// Registration is this installation's own registration with one host of a
// network (OAuth 2.0 dynamic client registration, RFC 7591, and what came
// before it).
type Registration struct {
	ClientID     string
	ClientSecret Secret
	RedirectURI  string // that it was registered with; another one needs another registration
}

// Registrations keeps the registrations that connectors make by themselves.
// Safe for concurrent use, across processes.
type Registrations interface {
	// Registration finds the one with a host; false when there is none.
	Registration(ctx context.Context, network, host string) (Registration, bool, error)
	// KeepRegistration keeps one, in the place of an older one, and answers it.
	// Of two that are made at the same time one is kept, and answered to both.
	KeepRegistration(ctx context.Context, network, host string, r Registration) (Registration, error)
}
