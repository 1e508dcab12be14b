// Package media keeps the pictures and films that members upload for posts:
// what is in them in a blob store (a folder, or S3), what is known of them in
// Postgres.
//
// The path of a file:
//
//	Receive    streamed: recognised by content, cleaned of places and notes, measured, made small
//	Use        a post's content names it: from now on it is in use
//	Contents   handed to a network, or checked against its limits
//	Address    for networks that fetch by themselves: signed, and good for a while
//	Delete     by a member (R28-R30), or Sweep: unused for long
//
// A row is written before its first blob and deleted after its last one, so that
// whatever dies leaves a row that the sweeper finds, and never a blob that
// nothing names. Rows are no events: what is in a picture is content, and which
// post says what is told by the posts' events.
package media

import (
	"errors"
	"time"

	"behalf/domain"
	"behalf/internal/media/clean"
)

// What broke, besides Postgres.
var (
	// ErrStore: the blob store does not answer, is full, or lost something.
	ErrStore = errors.New("the media store is not usable")
	// ErrBusy: too much is being received at once; ask again.
	ErrBusy = errors.New("too many uploads at once")
	// ErrKeyReused: another file was sent with this idempotency key before.
	ErrKeyReused = errors.New("the idempotency key came with another file")
)

// Item is one picture or film.
type Item struct {
	ID        domain.MediaID
	Workspace domain.WorkspaceID
	Uploader  domain.UserID
	Type      clean.Type
	Bytes     int64 // of the copy that is kept
	Width     int   // pixels, as shown
	Height    int
	Duration  time.Duration // of a film
	Alt       string        // what somebody reads who cannot see it, where a post says nothing else
	Thumbnail bool          // whether there is a small picture of it
	CreatedAt time.Time
}

// Limits are what is taken. All are required.
type Limits struct {
	Image  int64 // bytes of a picture
	Video  int64 // bytes of a film
	Pixels int   // of a picture
	Quota  int64 // bytes of a workspace
}

// Standard are the limits of an installation that sets none.
func Standard() Limits {
	return Limits{Image: 20 << 20, Video: 512 << 20, Pixels: 40_000_000, Quota: 20 << 30}
}

// MaxAlt is how many characters a description holds.
const MaxAlt = 2000
