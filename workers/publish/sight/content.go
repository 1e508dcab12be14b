package sight

import (
	"context"
	"time"

	"github.com/google/uuid"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/internal/media"
	"behalf/internal/networks"
)

// Read opens what the post says on an account. Where there are media, nothing
// is sent without them.
func (r *Reader) Read(ctx context.Context, of Ref, sealed personal.Text) (networks.Content, error) {
	if err := r.Persons.Open(ctx, &sealed); err != nil {
		return networks.Content{}, networks.Unsent("content", err)
	}
	content, err := post.ReadContent(sealed)
	if err != nil {
		return networks.Content{}, &networks.Failure{Kind: networks.Rejected, Code: "content_unreadable", Cause: err,
			Detail: "What the post says cannot be read any more."}
	}
	said := content.On(of.Account)
	given := networks.Content{Text: said.Text, Link: said.Link}
	given.Media, err = r.media(ctx, of.Workspace, said.Media)
	return given, err
}

// media finds the pictures and films of a post.
func (r *Reader) media(ctx context.Context, ws domain.WorkspaceID, wanted []post.Media) (given []networks.Media, err error) {
	if len(wanted) == 0 {
		return nil, nil
	}
	var found map[domain.MediaID]media.Item
	if r.Media != nil {
		ids := make([]domain.MediaID, len(wanted))
		for i, medium := range wanted {
			ids[i] = medium.ID
		}
		if found, err = r.Media.Find(ctx, ws, ids); err != nil {
			return nil, networks.Unsent("media", err)
		}
	}
	for _, medium := range wanted {
		item, there := found[medium.ID]
		if !there {
			return nil, &networks.Failure{Kind: networks.Rejected, Code: "medium_gone", Detail: "A picture or film of the post is not there any more."}
		}
		given = append(given, r.Media.ForPublishing(item, medium.Alt))
	}
	return given, nil
}

// writtenAt is when the post's id was made: it never changes, which is what a
// name on a network that is derived from it needs. Of an id that tells no time
// it is the beginning of 1970.
func writtenAt(id domain.PostID) time.Time {
	if made := uuid.UUID(id); made.Version() == 7 {
		sec, nsec := made.Time().UnixTime()
		return time.Unix(sec, nsec).UTC()
	}
	return time.Unix(0, 0).UTC()
}
