// Package media lets members upload pictures and films for their posts, and
// networks fetch them.
//
//	POST   …/media           the file itself, streamed
//	GET    …/media, …/{media}  what is known of it, with addresses to see it by
//	PATCH, DELETE …/{media}    R17, R28-R30
//	GET /media/{media}       its content, for whoever has a signed address: no session, no token
//
// Who sees a medium: its uploader, the Owner (R2), and whoever sees a post that
// names it on an account of theirs (R27). To everybody else it is not there (R32).
package media

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"behalf/api/access"
	"behalf/api/problem"
	"behalf/api/web"
	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/eventstore"
	kept "behalf/internal/media"
	"behalf/internal/media/clean"
	"behalf/projections/reading"
	"behalf/projections/reading/posts"
)

// Desk answers for media.
type Desk struct {
	Door   *access.Door
	Keeper *kept.Keeper
	Store  *eventstore.Store
	Views  *reading.Reader
}

const tag = "Media"

// Mount adds the operations.
func (d *Desk) Mount(api huma.API) {
	const one = "/v1/workspaces/{workspace}/media/{media}"
	problem.Handler(api, huma.Operation{
		OperationID: "upload-media", Method: http.MethodPost, Path: "/v1/workspaces/{workspace}/media", Tags: []string{tag},
		DefaultStatus: http.StatusCreated, Metadata: web.Streamed(), Summary: "Upload a picture or a film.",
		Description: "The body is the file itself. Its type is found by content, whatever the headers say: JPEG, PNG, GIF, WebP (not animated), " +
			"MP4 and QuickTime (not in fragments); others are refused with media_unsupported. Places, comments and other notes in it stay behind, " +
			"telemetry of films too; the picture itself is not changed. Refused with R17 who writes no posts, and media_too_large, " +
			"media_too_many_pixels, media_too_complex, media_truncated, media_broken, media_quota; uploads_busy and media_unavailable pass. " +
			"Sent again with the same Idempotency-Key and file, it answers the first medium; with another file, key_reused. " +
			"What no post has named after a day is deleted, and what none names any more after 30 days.",
		RequestBody: &huma.RequestBody{Required: true, Description: "The file.", Content: map[string]*huma.MediaType{
			"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
		}},
	}, d.upload)
	problem.Handler(api, huma.Operation{
		OperationID: "media", Method: http.MethodGet, Path: "/v1/workspaces/{workspace}/media", Tags: []string{tag},
		Summary: "What you uploaded, the newest first.", Description: "The Owner sees everybody's.",
	}, d.list)
	problem.Handler(api, huma.Operation{
		OperationID: "medium", Method: http.MethodGet, Path: one, Tags: []string{tag},
		Summary:     "One medium, with addresses to see it by.",
		Description: "For its uploader, the Owner, and whoever sees a post that names it (R27).",
	}, d.show)
	problem.Handler(api, huma.Operation{
		OperationID: "describe-medium", Method: http.MethodPatch, Path: one, Tags: []string{tag},
		Summary:     "Change what somebody reads who cannot see it.",
		Description: "For posts that are written from now on and say nothing else about it; those that are there keep what they say (R54). Refused like deleting it (R17, R28, R30), but a post may use it.",
	}, d.describe)
	problem.Handler(api, huma.Operation{
		OperationID: "delete-medium", Method: http.MethodDelete, Path: one, Tags: []string{tag}, DefaultStatus: http.StatusNoContent,
		Summary: "Delete a medium for good.",
		Description: "Editors delete what they uploaded themselves (media_not_yours, R28); Admins (R29), Clients with manage_posts (R30) and the Owner " +
			"anything that they see. Refused with media_in_use while a post names it, and with view_behind as long as it is not known whether one does.",
	}, d.delete)
	d.mountPublic(api)
}

// Medium is a picture or film.
type Medium struct {
	ID        domain.MediaID `json:"id" doc:"Name it in a post's media."`
	Uploader  domain.UserID  `json:"uploader" doc:"Who uploaded it."`
	Type      clean.Type     `json:"type" doc:"By content." enum:"image/jpeg,image/png,image/gif,image/webp,video/mp4,video/quicktime"`
	Bytes     int64          `json:"bytes" doc:"How large the copy is that is kept."`
	Width     int            `json:"width" doc:"Pixels, as it is shown."`
	Height    int            `json:"height" doc:"Pixels, as it is shown."`
	Duration  float64        `json:"duration,omitempty" doc:"Of a film, in seconds."`
	Alt       string         `json:"alt,omitempty" doc:"What somebody reads who cannot see it, where a post says nothing else."`
	URL       string         `json:"url" format:"uri" doc:"Where its content can be read for about an hour, by anybody who has the address."`
	Thumbnail string         `json:"thumbnail,omitempty" format:"uri" doc:"The same of a small picture, at most 400 pixels on each side; absent for films."`
	CreatedAt time.Time      `json:"created_at" doc:"When it was uploaded."`
}

// shownFor is how long addresses in answers last at least.
const shownFor = time.Hour

func (d *Desk) medium(item kept.Item) Medium {
	shown := Medium{
		ID: item.ID, Uploader: item.Uploader, Type: item.Type, Bytes: item.Bytes, Width: item.Width, Height: item.Height,
		Duration: item.Duration.Seconds(), Alt: item.Alt, CreatedAt: item.CreatedAt,
		URL: d.Keeper.Address(item.ID, kept.Content, shownFor),
	}
	if item.Thumbnail {
		shown.Thumbnail = d.Keeper.Address(item.ID, kept.Thumbnail, shownFor)
	}
	return shown
}

// In names a medium in its workspace.
type In struct {
	Workspace string `path:"workspace" doc:"The workspace."`
	Media     string `path:"media" doc:"The medium."`
}

type mediumOutput struct {
	Body Medium
}

// found is a medium that a member sees.
type found struct {
	access.Admission
	item kept.Item
}

// find admits the member and finds the medium, if they see it.
func (d *Desk) find(ctx context.Context, in In) (found, error) {
	admission, err := d.Door.Admit(ctx, in.Workspace)
	if err != nil {
		return found{}, err
	}
	var id domain.MediaID
	if err := id.UnmarshalText([]byte(in.Media)); err != nil || id.IsZero() {
		return found{}, domain.Hidden()
	}
	items, err := d.Keeper.Find(ctx, admission.ID, []domain.MediaID{id})
	if err != nil {
		return found{}, err
	}
	item, there := items[id]
	if !there {
		return found{}, domain.Hidden()
	}
	use, err := posts.UseOfMedium(ctx, d.Views, admission.Scope(), 0, id, slices.Collect(maps.Keys(admission.Member.Assignments)))
	if err != nil {
		return found{}, err
	}
	if !use.Value.Seen && item.Uploader != admission.Member.User && admission.Member.Role != workspace.Owner {
		return found{}, domain.Hidden()
	}
	return found{Admission: admission, item: item}, nil
}

// mayChange refuses with R13 (a closed workspace), R17 and R28.
func (f found) mayChange() error {
	if err := f.Workspace.MustBeOpen(); err != nil {
		return err
	}
	if err := f.Member.MayWrite(); err != nil {
		return err
	}
	if f.Member.Role == workspace.Editor && f.item.Uploader != f.Member.User {
		return domain.Forbid(domain.R28, "media_not_yours", "Editors change only what they uploaded themselves.")
	}
	return nil
}

func (d *Desk) show(ctx context.Context, input *In) (*mediumOutput, error) {
	seen, err := d.find(ctx, *input)
	if err != nil {
		return nil, err
	}
	return &mediumOutput{Body: d.medium(seen.item)}, nil
}

type describeInput struct {
	In
	Body struct {
		Alt string `json:"alt" maxLength:"2000" doc:"The description; empty for none." example:"A red kite above the town hall."`
	} `nameHint:"MediumDescription"`
}

func (d *Desk) describe(ctx context.Context, input *describeInput) (*mediumOutput, error) {
	seen, err := d.find(ctx, input.In)
	if err == nil {
		err = seen.mayChange()
	}
	if err != nil {
		return nil, err
	}
	item, err := d.Keeper.Describe(ctx, seen.ID, seen.item.ID, input.Body.Alt)
	if err != nil {
		return nil, err
	}
	return &mediumOutput{Body: d.medium(item)}, nil
}

func (d *Desk) delete(ctx context.Context, input *In) (*struct{}, error) {
	seen, err := d.find(ctx, *input)
	if err == nil {
		err = seen.mayChange()
	}
	if err != nil {
		return nil, err
	}
	switch used, err := d.used(ctx, seen); {
	case err != nil:
		return nil, err
	case used:
		return nil, domain.Clash(0, "media_in_use", "A post names it. Take it out of there first, or delete the post.")
	}
	return nil, d.Keeper.Delete(ctx, seen.ID, seen.item.ID)
}

// patience is how long deleting waits for the view to have come to the head of
// the log.
const patience = 2 * time.Second

// used reports whether any post names the medium, whoever sees that: as the log
// stands now, or it is an error. What a command is about to write is not in there
// yet; the keeper knows of that.
func (d *Desk) used(ctx context.Context, f found) (bool, error) {
	head, err := d.Store.Head(ctx)
	if err != nil {
		return false, err
	}
	waiting, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	use, err := posts.UseOfMedium(waiting, d.Views, f.Scope(), head, f.item.ID, nil)
	if err == nil && !use.Reached {
		err = &problem.BehindError{Position: head, Reached: use.Position}
	}
	return use.Value.Used, err
}
