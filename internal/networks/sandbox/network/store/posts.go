package store

import (
	"slices"
	"strconv"
	"time"

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

// Publish stores a post and gives it an id. A key that the page's class knows
// and that was used within lasts (zero: for ever) answers the post that stands
// there already (stored = false), ErrConflict when that has another text or
// identity, ErrDeleted when it was deleted.
func (s *Store) Publish(post control.Post, lasts time.Duration) (found control.Post, stored bool, err error) {
	err = s.update(func(st *state) error {
		if i, known := s.index[address{post.Page, post.Key}]; known && post.Key != "" {
			found = st.Posts[i]
			if lasts == 0 || post.At.Sub(found.At) < lasts {
				return standing(found, post)
			}
		}
		found, stored = s.add(post), true
		return nil
	})
	return found, stored, err
}

// add gives a post its id. The caller holds the lock.
func (s *Store) add(post control.Post) control.Post {
	post.ID = "p" + strconv.Itoa(len(s.state.Posts)+1)
	s.index[address{post.Page, post.Key}] = len(s.state.Posts)
	s.state.Posts = append(s.state.Posts, post)
	return post
}

func standing(found, post control.Post) error {
	switch {
	case found.Deleted:
		return ErrDeleted
	case found.Text != post.Text || found.Identity != post.Identity || !slices.Equal(found.Media, post.Media):
		return ErrConflict
	default:
		return nil
	}
}

// Post returns the post that a key names. ErrDeleted: it was deleted.
func (s *Store) Post(page, key string) (post control.Post, err error) {
	err = ErrNotFound
	s.read(func(st *state) {
		if i, known := s.index[address{page, key}]; known && key != "" {
			post, err = st.Posts[i], nil
		}
	})
	if err == nil && post.Deleted {
		return post, ErrDeleted
	}
	return post, err
}

// Delete deletes a post by its key or id; a key stays taken. Deleting it again
// changes nothing.
func (s *Store) Delete(page, name string) error {
	return s.update(func(st *state) error {
		i := slices.IndexFunc(st.Posts, func(p control.Post) bool {
			return p.Page == page && (p.ID == name || p.Key != "" && p.Key == name)
		})
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

func (s *state) log() control.Log {
	return control.Log{
		Posts:    append([]control.Post{}, s.Posts...),
		Requests: append([]control.Request{}, s.Requests...),
		Drafts:   append([]control.Draft{}, s.Drafts...),
		Media:    append([]control.Medium{}, s.Media...),
	}
}
