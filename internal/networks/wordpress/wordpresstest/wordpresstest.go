// Package wordpresstest is a WordPress site for tests: the part of the REST API
// that a connector may use, with the bodies that a WordPress 6.1 answers. It is
// strict: what is not documented fails the test.
package wordpresstest

import (
	"crypto/rand"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"behalf/internal/networks/fake"
)

// Site is the fake. Its people are Olivia (administrator), Eve (editor), Anna
// (author), Carl (contributor) and Sam (subscriber).
type Site struct {
	*fake.Server

	// SiteName is what the site calls itself.
	SiteName string

	mu        sync.Mutex
	people    map[string]*person // by user name
	posts     map[int]*Post
	media     map[int]*Medium
	last      int
	noConsent bool // the page for application passwords is not offered
	noTrash   bool
	home      string // what it calls its home; its own address when empty
}

type person struct {
	id        int
	name      string
	role      string
	passwords map[string]string // uuid by password
	names     map[string]bool   // that passwords were given on the page
}

// Post is one on the site.
type Post struct {
	ID             int
	Author         int
	Status, Slug   string
	Title, Content string
	Featured       int
}

// Medium is a file on the site.
type Medium struct {
	ID                     int
	Slug, Title, Alt, Type string
	Bytes                  []byte
}

var capabilities = map[string][]string{
	"administrator": {"read", "edit_posts", "publish_posts", "edit_others_posts", "upload_files", "list_users"},
	"editor":        {"read", "edit_posts", "publish_posts", "edit_others_posts", "upload_files"},
	"author":        {"read", "edit_posts", "publish_posts", "upload_files"},
	"contributor":   {"read", "edit_posts"},
	"subscriber":    {"read"},
}

// Start serves a site until the test ends.
func Start(t testing.TB) *Site {
	t.Helper()
	s := &Site{SiteName: "Acme Blog", people: map[string]*person{}, posts: map[int]*Post{}, media: map[int]*Medium{}, last: 10}
	for i, one := range [][2]string{{"olivia", "administrator"}, {"eve", "editor"}, {"anna", "author"}, {"carl", "contributor"}, {"sam", "subscriber"}} {
		s.people[one[0]] = &person{id: i + 1, name: strings.ToUpper(one[0][:1]) + one[0][1:], role: one[1], passwords: map[string]string{}}
	}
	s.Server = fake.Start(t, http.HandlerFunc(s.serve))
	return s
}

// Password makes an application password for a person.
func (s *Site) Password(user string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	password := rand.Text()
	s.people[user].passwords[password] = rand.Text()
	return password
}

// Allow is a person who allows what a start's address asks for; it answers where
// the site sends them. A name that they have allowed before is refused.
func (s *Site) Allow(start, user string) (back string, err error) {
	page, err := url.Parse(start)
	if err != nil {
		return "", err
	}
	to, err := url.Parse(page.Query().Get("success_url"))
	if err != nil {
		return "", err
	}
	if !s.named(user, page.Query().Get("app_name")) {
		return "", errors.New("each application name should be unique")
	}
	query := to.Query()
	for name, value := range map[string]string{"site_url": s.URL, "user_login": user, "password": s.Password(user)} {
		query.Set(name, value)
	}
	to.RawQuery = query.Encode()
	return to.String(), nil
}

func (s *Site) named(user, name string) (fresh bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	one := s.people[user]
	if one.names == nil {
		one.names = map[string]bool{}
	}
	fresh = name != "" && !one.names[name]
	one.names[name] = true
	return fresh
}

// Deny is a person who does not.
func (s *Site) Deny(start string) (back string, err error) {
	page, err := url.Parse(start)
	if err != nil {
		return "", err
	}
	return page.Query().Get("reject_url"), nil
}

// SetRole changes what a person may do.
func (s *Site) SetRole(user, role string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.people[user].role = role
}

// RevokeAll takes all application passwords of a person away.
func (s *Site) RevokeAll(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.people[user].passwords = map[string]string{}
}

// Passwords counts a person's application passwords.
func (s *Site) Passwords(user string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.people[user].passwords)
}

// WithoutConsent stops offering the page for application passwords.
func (s *Site) WithoutConsent() { s.set(func() { s.noConsent = true }) }

// WithoutTrash makes deleting final.
func (s *Site) WithoutTrash() { s.set(func() { s.noTrash = true }) }

// CallHome has the site call another address its home.
func (s *Site) CallHome(home string) { s.set(func() { s.home = home }) }

func (s *Site) set(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

// Posts lists the posts in a state, in the order of their making.
func (s *Site) Posts(status string) []Post {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Post
	for id := range s.last + 1 {
		if p := s.posts[id]; p != nil && p.Status == status {
			found = append(found, *p)
		}
	}
	return found
}

// Media lists the files, in the order of their making.
func (s *Site) Media() []Medium {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []Medium
	for id := range s.last + 1 {
		if m := s.media[id]; m != nil {
			found = append(found, *m)
		}
	}
	return found
}

// Edit is somebody on the site who changes a post's state; "" deletes it.
func (s *Site) Edit(id int, status string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if status == "" {
		delete(s.posts, id)
		return
	}
	s.posts[id].Status = status
}

// Link is a post's address.
func (s *Site) Link(p Post) string {
	if p.Status == "publish" {
		return s.URL + "/" + p.Slug + "/"
	}
	return s.URL + "/?p=" + strconv.Itoa(p.ID)
}
