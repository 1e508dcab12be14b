package store

import (
	"maps"
	"net/url"
	"slices"
	"time"
)

// GrantKind is what a grant's signature belongs to.
type GrantKind string

// The kinds of grants.
const (
	Code      GrantKind = "code"
	Challenge GrantKind = "challenge"
	Access    GrantKind = "access"
	Refresh   GrantKind = "refresh"
)

// Grant is what an authorization code or token stands for. Only its signature
// is stored, never the token itself.
type Grant struct {
	Family    string               `json:"family"` // the authorization that all of its tokens come from
	Client    string               `json:"client"`
	Person    string               `json:"person"`
	Scopes    []string             `json:"scopes"`
	Form      url.Values           `json:"form,omitempty"` // the parts of the request that must be checked again
	Requested time.Time            `json:"requested"`
	Expires   map[string]time.Time `json:"expires"` // by the kind of token, fosite's names
	Inactive  bool                 `json:"inactive,omitempty"`
}

type grants map[string]Grant

// longestGrant is how long any grant is remembered; refresh tokens live that
// long at most, and a used one must be known for as long to be recognised.
const longestGrant = 30 * 24 * time.Hour

// PutGrant stores a grant by its signature and forgets what is long over.
func (s *Store) PutGrant(kind GrantKind, signature string, g Grant, now time.Time) error {
	return s.update(func(st *state) error {
		maps.DeleteFunc(st.Grants[kind], func(_ string, g Grant) bool {
			return now.Sub(g.Requested) > longestGrant
		})
		st.Grants[kind][signature] = g.clone()
		return nil
	})
}

// Grant returns a grant; ErrInactive comes with the grant that was used or revoked.
func (s *Store) Grant(kind GrantKind, signature string) (g Grant, err error) {
	err = ErrNotFound
	s.read(func(st *state) {
		if found, known := st.Grants[kind][signature]; known {
			g, err = found.clone(), nil
		}
	})
	if err == nil && g.Inactive {
		err = ErrInactive
	}
	return g, err
}

// DropGrant forgets a grant.
func (s *Store) DropGrant(kind GrantKind, signature string) error {
	return s.update(func(st *state) error {
		delete(st.Grants[kind], signature)
		return nil
	})
}

// UseGrant makes a grant inactive, once: ErrInactive for whoever comes second.
func (s *Store) UseGrant(kind GrantKind, signature string) error {
	return s.update(func(st *state) error {
		g, known := st.Grants[kind][signature]
		switch {
		case !known:
			return ErrNotFound
		case g.Inactive:
			return ErrInactive
		}
		g.Inactive = true
		st.Grants[kind][signature] = g
		return nil
	})
}

// RevokeFamily makes all grants of a kind inactive that come from one authorization.
func (s *Store) RevokeFamily(kind GrantKind, family string) error {
	return s.update(func(st *state) error {
		st.Grants[kind].each(func(g *Grant) { g.Inactive = g.Inactive || g.Family == family })
		return nil
	})
}

// RevokePerson makes everything inactive that a person authorized.
func (s *Store) RevokePerson(person string) error {
	return s.update(func(st *state) error {
		if _, known := st.People[person]; !known {
			return ErrNotFound
		}
		for _, all := range st.Grants {
			all.each(func(g *Grant) { g.Inactive = g.Inactive || g.Person == person })
		}
		return nil
	})
}

// ExpireAccess makes all access tokens expire at the given instant.
func (s *Store) ExpireAccess(at time.Time) error {
	return s.update(func(st *state) error {
		st.Grants[Access].each(func(g *Grant) {
			*g = g.clone()
			for kind := range g.Expires {
				g.Expires[kind] = at
			}
		})
		return nil
	})
}

func (all grants) each(change func(*Grant)) {
	for signature, g := range all {
		change(&g)
		all[signature] = g
	}
}

func (g Grant) clone() Grant {
	g.Scopes = slices.Clone(g.Scopes)
	g.Expires = maps.Clone(g.Expires)
	form := url.Values{}
	for name, values := range g.Form {
		form[name] = slices.Clone(values)
	}
	g.Form = form
	return g
}
