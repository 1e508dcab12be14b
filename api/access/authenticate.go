// Package access decides who gets in: whom a request acts for, and whether
// that user belongs to the workspace that it names (R32, R64).
package access

import (
	"errors"
	"net"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
)

// Public is the security of an operation that needs nobody to be signed in.
// Every other one does: a forgotten declaration closes, it does not open.
func Public() []map[string][]string { return []map[string][]string{{}} }

// Authenticate finds out whom a request acts for, by its Authorization header
// or else by the session cookie. Cookies count only in requests of our own
// pages: browsers send them along with other sites' too.
func Authenticate(desk *signin.Desk, cookie Cookie) func(huma.Context, func(huma.Context)) {
	sameOrigin := http.NewCrossOriginProtection()
	return func(ctx huma.Context, next func(huma.Context)) {
		r, w := humachi.Unwrap(ctx)
		public := ctx.Operation().Security != nil
		token, fromCookie := credential(r, cookie)
		if fromCookie && !public {
			if err := sameOrigin.Check(r); err != nil {
				problem.Write(w, r, problem.New(http.StatusForbidden, "cross_origin", "The session cookie counts only on this site's own pages."))
				return
			}
		}
		principal, err := whom(ctx, desk, token)
		if err != nil && (!public || !errors.Is(err, signin.ErrNotSignedIn)) {
			problem.Write(w, r, err)
			return
		}
		if principal.Waiting && ctx.Operation().Metadata[waiting] != true {
			if !public {
				problem.Write(w, r, secondFactorNeeded())
				return
			}
			principal = signin.Principal{}
		}
		principal.Address, principal.Client = address(r), signin.Program(r.UserAgent())
		next(huma.WithContext(ctx, signin.With(r.Context(), principal)))
	}
}

// whom finds out for whom a credential stands: by memory where the handler
// checks that, see InOneTrip.
func whom(ctx huma.Context, desk *signin.Desk, token signin.Token) (signin.Principal, error) {
	if ctx.Operation().Metadata[inOneTrip] == true {
		if principal, found := desk.Recall(token); found {
			return principal, nil
		}
	}
	return desk.Identify(ctx.Context(), token)
}

// address is where the connection comes from. What a header says about it is
// not believed: everybody can send one.
func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || net.ParseIP(host) == nil {
		return ""
	}
	return host
}

func credential(r *http.Request, cookie Cookie) (token signin.Token, fromCookie bool) {
	if header := r.Header.Get("Authorization"); header != "" {
		scheme, secret, _ := strings.Cut(header, " ")
		if !strings.EqualFold(scheme, "Bearer") {
			return "", false
		}
		return signin.Token(strings.TrimSpace(secret)), false
	}
	return cookie.read(r), true
}

// SignedInPerson returns the principal when it is a person's session; API
// tokens are refused.
func SignedInPerson(p signin.Principal) (domain.UserID, error) {
	if !p.IsSession {
		return domain.UserID{}, problem.New(http.StatusForbidden, "session_required", "Sign in with your password to do this.")
	}
	return p.User, nil
}
