package access

import (
	"net/http"
	"strings"

	"behalf/api/signin"
)

// Cookie is the session cookie: not readable by scripts, not sent along by
// other sites' forms, and over https only when Behalf is served over https.
type Cookie struct{ secure bool }

// NewCookie fits the cookie to where Behalf is reached.
func NewCookie(publicURL string) Cookie {
	return Cookie{secure: strings.HasPrefix(publicURL, "https://")}
}

// Name is "__Host-behalf" over https: browsers then refuse one that another
// host or path has set.
func (c Cookie) Name() string {
	if c.secure {
		return "__Host-behalf"
	}
	return "behalf"
}

// Set hands a session to a browser.
func (c Cookie) Set(session signin.Session) http.Cookie {
	return http.Cookie{ //nolint:gosec // G124: secure unless Behalf itself is reached over plain http
		Name: c.Name(), Value: session.Token.Reveal(), Expires: session.ExpiresAt,
		Path: "/", HttpOnly: true, Secure: c.secure, SameSite: http.SameSiteLaxMode,
	}
}

// Clear takes it away again.
func (c Cookie) Clear() http.Cookie {
	return http.Cookie{ //nolint:gosec // G124: as in Set
		Name: c.Name(), Path: "/", MaxAge: -1, HttpOnly: true, Secure: c.secure, SameSite: http.SameSiteLaxMode,
	}
}

func (c Cookie) read(r *http.Request) signin.Token {
	cookie, err := r.Cookie(c.Name())
	if err != nil {
		return ""
	}
	return signin.Token(cookie.Value)
}
