package media

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"behalf/api/access"
	"behalf/api/live/stream"
	"behalf/api/problem"
	"behalf/domain"
	kept "behalf/internal/media"
)

// fetchPatience is how long fetching a medium may take.
const fetchPatience = time.Hour

// longestCached is how long a cache may keep a medium at most: what was deleted
// is not to stay there for long.
const longestCached = time.Hour

func (d *Desk) mountPublic(api huma.API) {
	binary := &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
	problem.Handler(api, huma.Operation{
		OperationID: "media-content", Method: http.MethodGet, Path: kept.Path + "{media}", Tags: []string{tag}, Security: access.Public(),
		Summary: "The content of a medium, for whoever has its address.",
		Description: "Addresses are made by Behalf, for networks that fetch media and for showing them; they are signed, and expire (address_expired). " +
			"Any other address is answered not_found. HEAD, Range and If-None-Match are understood.",
		Responses: map[string]*huma.Response{
			"200": {Description: "The content.", Content: map[string]*huma.MediaType{"application/octet-stream": binary}},
			"206": {Description: "The part that was asked for.", Content: map[string]*huma.MediaType{"application/octet-stream": binary}},
			"304": {Description: "It has not changed."},
			"416": {Description: "It has no such part."},
		},
	}, d.content)
}

type contentInput struct {
	Media     string `path:"media" doc:"The medium."`
	Expires   int64  `query:"expires" minimum:"0" doc:"Part of the address: until when it is good, in seconds since 1970."`
	Signature string `query:"signature" maxLength:"100" doc:"Part of the address."`
	Part      string `query:"part" default:"content" enum:"content,thumbnail" doc:"Part of the address: all of it, or a small picture."`
}

func (d *Desk) content(ctx context.Context, input *contentInput) (*huma.StreamResponse, error) {
	var id domain.MediaID
	if err := id.UnmarshalText([]byte(input.Media)); err != nil || id.IsZero() {
		return nil, notThere()
	}
	lives, done := stream.Life(ctx, fetchPatience)
	opened, err := d.Keeper.Follow(lives, id, kept.Part(input.Part), input.Expires, input.Signature)
	if err != nil {
		done()
		switch {
		case errors.Is(err, kept.ErrForged):
			return nil, notThere()
		case errors.Is(err, kept.ErrExpired):
			return nil, problem.New(http.StatusGone, "address_expired", "This address was good for a while. Ask for a new one.")
		}
		return nil, err
	}
	return &huma.StreamResponse{Body: func(ctx huma.Context) {
		defer done()
		defer func() { _ = opened.Close() }()
		r, w := humachi.Unwrap(ctx)
		describe(w.Header(), opened, id, input.Part, time.Until(opened.Expires))
		http.ServeContent(w, r, "", opened.Since, sending{Blob: opened, connection: http.NewResponseController(w)})
	}}, nil
}

func notThere() error {
	return problem.New(http.StatusNotFound, "not_found", "There is nothing here that you may see.")
}

// describe says what it is, and that it is nothing else: no browser is to run it
// as a page of ours, whatever is in it.
func describe(header http.Header, opened kept.Blob, id domain.MediaID, part string, left time.Duration) {
	header.Set("Content-Type", string(opened.Type))
	header.Set("Content-Disposition", `inline; filename="`+id.String()+opened.Type.Extension()+`"`)
	header.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	header.Set("Cross-Origin-Resource-Policy", "cross-origin") // the address says who may see it
	header.Set("Cache-Control", "private, immutable, max-age="+strconv.Itoa(int(min(left, longestCached).Seconds())))
	header.Set("ETag", `"`+id.String()+"-"+part+`"`) // what is in it never changes
}

// sending moves the connection's deadline on as long as something goes.
type sending struct {
	kept.Blob
	connection *http.ResponseController
}

func (s sending) Read(into []byte) (int, error) {
	_ = s.connection.SetWriteDeadline(time.Now().Add(2 * pieceTime)) // a recorder in a test has none
	return s.Blob.Read(into)
}

var _ io.ReadSeeker = sending{}
