package store

import (
	"slices"

	"behalf/internal/networks/sandbox/network/control"
)

// SetPassword adds a person or replaces the password hash of a known one.
func (s *Store) SetPassword(person, hash string) error {
	return s.update(func(st *state) error {
		st.People[person] = hash
		return nil
	})
}

// PasswordHash returns a person's password hash.
func (s *Store) PasswordHash(person string) (hash string, known bool) {
	s.read(func(st *state) { hash, known = st.People[person] })
	return hash, known
}

// PutPage adds or replaces a page. ErrNotFound: one of its admins is nobody.
func (s *Store) PutPage(page control.Page) error {
	page = clone(page)
	slices.Sort(page.Admins)
	page.Admins = slices.Compact(page.Admins)
	return s.update(func(st *state) error {
		for _, admin := range page.Admins {
			if _, known := st.People[admin]; !known {
				return ErrNotFound
			}
		}
		st.Pages[page.Slug] = &page
		return nil
	})
}

// SetAdmin makes a person an admin of a page, or ends that. ErrNotFound: no
// such page or person.
func (s *Store) SetAdmin(slug, person string, admin bool) error {
	return s.update(func(st *state) error {
		page, known := st.Pages[slug]
		if _, exists := st.People[person]; !known || !exists {
			return ErrNotFound
		}
		page.Admins = slices.DeleteFunc(page.Admins, func(name string) bool { return name == person })
		if admin {
			page.Admins = append(page.Admins, person)
			slices.Sort(page.Admins)
		}
		return nil
	})
}

// Page returns one page.
func (s *Store) Page(slug string) (page control.Page, known bool) {
	s.read(func(st *state) {
		var found *control.Page
		if found, known = st.Pages[slug]; known {
			page = clone(*found)
		}
	})
	return page, known
}

// Pages lists the pages that a person administers, by slug; all of them for "".
func (s *Store) Pages(person string) []control.Page {
	pages := []control.Page{}
	s.read(func(st *state) {
		for _, page := range st.Pages {
			if person == "" || slices.Contains(page.Admins, person) {
				pages = append(pages, clone(*page))
			}
		}
	})
	slices.SortFunc(pages, func(a, b control.Page) int {
		if a.Slug < b.Slug {
			return -1
		}
		return 1
	})
	return pages
}

func clone(page control.Page) control.Page {
	page.Admins = append([]string{}, page.Admins...)
	page.Identities = append([]control.Identity{}, page.Identities...)
	return page
}
