//go:build networks

package realtest_test

import (
	"fmt"
	"net/url"
	"testing"

	"behalf/internal/networks/bluesky"
	"behalf/internal/networks/wordpress"
)

// On a site Carl is a contributor, who may not publish, until he is made an author;
// the site shows whose password was used, and the Owner may post as somebody else.
func TestWordPressTellsTheStory(t *testing.T) {
	s := startWordPress(t)
	c := wordpress.New(wordpress.Config{Guard: loopback, Wire: patient})
	t.Cleanup(c.Close)
	tells(t, place{
		network: wordpress.Name, connector: c, host: s.URL, remote: s.URL,
		signIn: func(t *testing.T, who, start string, rights bool) (*url.URL, map[string]string) {
			if who == "carl" && rights {
				s.role(t, "carl", "author")
			}
			return s.signedIn(t, who).allow(t, start, "approve"), nil
		},
		end:      func(t *testing.T) { s.forget(t, "carl") },
		refused:  []string{"no_access"},
		identity: "author:" + s.sql(t, `select ID from wp_users where user_login = 'anna'`),
		shown: func(t *testing.T) map[string]string {
			found := map[string]string{}
			for _, one := range s.shown(t) {
				found[one.Text] = one.Identity
			}
			return found
		},
		as: map[string]string{
			"olivia":  "author:" + s.sql(t, `select ID from wp_users where user_login = 'olivia'`),
			"carl":    "author:" + s.sql(t, `select ID from wp_users where user_login = 'carl'`),
			"another": "author:" + s.sql(t, `select ID from wp_users where user_login = 'anna'`),
		},
	})
}

// On a PDS everybody has an account of their own: without rights is who signs in to
// theirs. Who has access to Olivia's has an app password of hers, which ends alone.
// The server does not tell which one was used: what the product says is compared.
func TestBlueskyTellsTheStory(t *testing.T) {
	p := startPDS(t)
	c := bluesky.New(bluesky.Config{Host: p.direct, Directory: p.directory, Guard: loopback, Wire: patient})
	t.Cleanup(c.Close)
	own, carls := p.register(t, "olivia.test"), p.register(t, "carl.test")
	made, last := 0, ""
	tells(t, place{
		network: bluesky.Name, connector: c, remote: p.did(t, "olivia.test"),
		signIn: func(t *testing.T, who, _ string, rights bool) (*url.URL, map[string]string) {
			made++
			name, handle, token := fmt.Sprint(who, made), "olivia.test", own
			if !rights {
				handle, token = "carl.test", carls
			}
			if who == "carl" && rights {
				last = name
			}
			return nil, map[string]string{"handle": handle, "password": p.password(t, token, name)}
		},
		end: func(t *testing.T) {
			p.call(t, "com.atproto.server.revokeAppPassword", own, map[string]string{"name": last})
		},
		ages:    true,
		refused: []string{"no_access", "other_remote_account", "not_offered", "nothing_to_post_to"},
		shown: func(t *testing.T) map[string]string {
			found := map[string]string{}
			for _, one := range p.posts(t, p.did(t, "olivia.test"), own) {
				found[one.Text] = ""
			}
			return found
		},
	})
}
