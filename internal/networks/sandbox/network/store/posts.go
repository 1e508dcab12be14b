package store

import (
	"slices"
	"strconv"

	"behalf/internal/networks/sandbox/network/control"
)

// keptRequests is how many publish requests the log keeps at most.
const keptRequests = 10_000

// Received notes a publish request.
func (s *Store) Received(r control.Request) error {
	return s.update(func(st *state) error {
		st.Requests = append(st.Requests, r)
		if excess := len(st.Requests) - keptRequests; excess > 0 {
			st.Requests = slices.Delete(st.Requests, 0, excess)
		}
		return nil
	})
}

// Publish stores a post and gives it an id. The same key on the same page
// answers the post that stands there already (stored = false), ErrConflict when
// that has another text or identity, ErrDeleted when it was deleted.
func (s *Store) Publish(post control.Post) (found control.Post, stored bool, err error) {
	err = s.update(func(st *state) error {
		if i := st.find(post.Page, post.Key); i >= 0 {
			found = st.Posts[i]
			return standing(found, post)
		}
		post.ID = "p" + strconv.Itoa(len(st.Posts)+1)
		st.Posts = append(st.Posts, post)
		found, stored = post, true
		return nil
	})
	return found, stored, err
}

func standing(found, post control.Post) error {
	switch {
	case found.Deleted:
		return ErrDeleted
	case found.Text != post.Text || found.Identity != post.Identity:
		return ErrConflict
	default:
		return nil
	}
}

// Post returns the post that a key names. ErrDeleted: it was deleted.
func (s *Store) Post(page, key string) (post control.Post, err error) {
	err = ErrNotFound
	s.read(func(st *state) {
		if i := st.find(page, key); i >= 0 {
			post, err = st.Posts[i], nil
		}
	})
	if err == nil && post.Deleted {
		return post, ErrDeleted
	}
	return post, err
}

// Delete deletes a post; its key stays taken. Deleting it again changes nothing.
func (s *Store) Delete(page, key string) error {
	return s.update(func(st *state) error {
		i := st.find(page, key)
		if i < 0 {
			return ErrNotFound
		}
		st.Posts[i].Deleted = true
		return nil
	})
}

// Timeline lists a page's posts, newest first, without the deleted ones.
func (s *Store) Timeline(page string) []control.Post {
	var posts []control.Post
	s.read(func(st *state) {
		for _, post := range st.Posts {
			if post.Page == page && !post.Deleted {
				posts = append(posts, post)
			}
		}
	})
	slices.Reverse(posts)
	return posts
}

func (s *state) find(page, key string) int {
	return slices.IndexFunc(s.Posts, func(p control.Post) bool { return p.Page == page && p.Key == key })
}

func (s *state) log() control.Log {
	return control.Log{
		Posts:    append([]control.Post{}, s.Posts...),
		Requests: append([]control.Request{}, s.Requests...),
	}
}
