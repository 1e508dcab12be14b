package store

import (
	"slices"
	"strconv"
	"time"

	"behalf/internal/networks/sandbox/network/control"
)

// Upload notes a medium and gives it an id.
func (s *Store) Upload(medium control.Medium) (control.Medium, error) {
	err := s.update(func(st *state) error {
		medium.ID = "m" + strconv.Itoa(len(st.Media)+1)
		st.Media = append(st.Media, medium)
		return nil
	})
	return medium, err
}

// Uploaded reports whether all of the media are the page's.
func (s *Store) Uploaded(page string, media []string) (all bool) {
	s.read(func(st *state) {
		all = !slices.ContainsFunc(media, func(id string) bool {
			return !slices.ContainsFunc(st.Media, func(m control.Medium) bool { return m.ID == id && m.Page == page })
		})
	})
	return all
}

// AddDraft stores a draft and gives it an id.
func (s *Store) AddDraft(draft control.Draft) (control.Draft, error) {
	err := s.update(func(st *state) error {
		draft.ID = "d" + strconv.Itoa(len(st.Drafts)+1)
		st.Drafts = append(st.Drafts, draft)
		return nil
	})
	return draft, err
}

// Draft returns a draft and the post that it became. ErrDeleted: it was discarded.
func (s *Store) Draft(page, id string) (draft control.Draft, post control.Post, err error) {
	err = ErrNotFound
	s.read(func(st *state) {
		if i := st.draft(page, id); i >= 0 {
			draft, post, err = st.Drafts[i], st.became(st.Drafts[i]), nil
		}
	})
	if err == nil && draft.Discarded {
		return draft, post, ErrDeleted
	}
	return draft, post, err
}

// PublishDraft makes a draft a post, once: again it answers the same post.
// ErrDeleted: it was discarded.
func (s *Store) PublishDraft(page, id, person string, now time.Time) (post control.Post, stored bool, err error) {
	err = s.update(func(st *state) error {
		i := st.draft(page, id)
		switch {
		case i < 0:
			return ErrNotFound
		case st.Drafts[i].Discarded:
			return ErrDeleted
		case st.Drafts[i].Post != "":
			post = st.became(st.Drafts[i])
			return nil
		}
		draft := &st.Drafts[i]
		post, stored = s.add(control.Post{
			Page: page, Text: draft.Text, Identity: draft.Identity, Media: draft.Media, Person: person, At: now,
		}), true
		draft.Post = post.ID
		return nil
	})
	return post, stored, err
}

// DiscardDraft removes a draft that was not published. ErrConflict: it was.
func (s *Store) DiscardDraft(page, id string) error {
	return s.update(func(st *state) error {
		i := st.draft(page, id)
		switch {
		case i < 0:
			return ErrNotFound
		case st.Drafts[i].Post != "":
			return ErrConflict
		}
		st.Drafts[i].Discarded = true
		return nil
	})
}

func (s *state) draft(page, id string) int {
	return slices.IndexFunc(s.Drafts, func(d control.Draft) bool { return d.Page == page && d.ID == id })
}

func (s *state) became(d control.Draft) control.Post {
	i := slices.IndexFunc(s.Posts, func(p control.Post) bool { return d.Post != "" && p.ID == d.Post })
	if i < 0 {
		return control.Post{}
	}
	return s.Posts[i]
}
