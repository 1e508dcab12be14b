package linkedin

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"time"

	"behalf/internal/networks"
	"behalf/internal/networks/rest"
)

// preparedForm is what Prepare keeps: the URNs of the media, in the content's order.
type preparedForm struct {
	Media []string `json:"media"`
}

// Prepare implements networks.Connector: it uploads the media.
func (c *Connector) Prepare(
	ctx context.Context, s networks.Session, a networks.Attempt, save networks.Save,
) (networks.Prepared, error) {
	if len(a.Content.Media) == 0 {
		return nil, nil
	}
	tokens, err := rest.Bearer(s.Credential, title)
	if err != nil {
		return nil, err
	}
	var done preparedForm
	if json.Unmarshal(a.Prepared, &done) != nil {
		done = preparedForm{}
	}
	for _, m := range a.Content.Media[min(len(done.Media), len(a.Content.Media)):] {
		put := c.uploadImage
		if m.Kind == networks.Video {
			put = c.uploadFilm
		}
		urn, err := put(ctx, tokens.AccessToken, s.Account, m)
		if err != nil {
			return nil, err
		}
		done.Media = append(done.Media, urn)
		if err := save(ctx, done.written()); err != nil {
			return nil, err
		}
	}
	return done.written(), nil
}

func (p preparedForm) written() networks.Prepared {
	written, _ := json.Marshal(p) // strings
	return written
}

// Discard implements networks.Connector: LinkedIn documents no call that removes
// media that no post shows.
func (c *Connector) Discard(context.Context, networks.Session, networks.Prepared) error { return nil }

// act calls an action of the images or videos API.
func (c *Connector) act(ctx context.Context, token networks.Secret, what, action string, body, into any) error {
	r := c.call(networks.CallPrepare, http.MethodPost, token, what)
	r.Query, r.JSON = url.Values{"action": {action}}, body
	_, err := c.rest.Do(ctx, r, into)
	return err
}

func (c *Connector) uploadImage(ctx context.Context, token networks.Secret, owner string, m networks.Media) (string, error) {
	content, err := rest.Read(ctx, m)
	if err != nil {
		return "", err
	}
	var begun struct {
		Value struct {
			Address string `json:"uploadUrl"`
			Image   string `json:"image"`
		} `json:"value"`
	}
	err = c.act(ctx, token, "images", "initializeUpload",
		map[string]any{"initializeUploadRequest": map[string]any{"owner": owner}}, &begun)
	if err != nil {
		return "", err
	}
	if begun.Value.Image == "" || !c.ours(begun.Value.Address) {
		return "", c.rest.Unreadable(networks.CallPrepare)
	}
	_, err = c.upload.Do(ctx, rest.Request{
		Call: networks.CallPrepare, Method: http.MethodPut, URL: begun.Value.Address, Bearer: token,
		Body: bytes.NewReader(content), Length: m.Size, Content: "application/octet-stream",
	}, nil)
	return begun.Value.Image, err
}

type filmForm struct {
	Value struct {
		Video string `json:"video"`
		Token string `json:"uploadToken"`
		Parts []struct {
			Address string `json:"uploadUrl"`
			First   int64  `json:"firstByte"`
			Last    int64  `json:"lastByte"`
		} `json:"uploadInstructions"`
	} `json:"value"`
}

// uploadFilm sends it in the parts that LinkedIn asks for and waits until it has
// worked on it. An upload that was broken off is begun again.
func (c *Connector) uploadFilm(ctx context.Context, token networks.Secret, owner string, m networks.Media) (string, error) {
	var begun filmForm
	err := c.act(ctx, token, "videos", "initializeUpload", map[string]any{"initializeUploadRequest": map[string]any{
		"owner": owner, "fileSizeBytes": m.Size, "uploadCaptions": false, "uploadThumbnail": false,
	}}, &begun)
	if err != nil {
		return "", err
	}
	if begun.Value.Video == "" || len(begun.Value.Parts) == 0 {
		return "", c.rest.Unreadable(networks.CallPrepare)
	}
	parts, err := c.parts(ctx, begun, m)
	if err != nil {
		return "", err
	}
	err = c.act(ctx, token, "videos", "finalizeUpload", map[string]any{"finalizeUploadRequest": map[string]any{
		"video": begun.Value.Video, "uploadToken": begun.Value.Token, "uploadedPartIds": parts,
	}}, nil)
	if err != nil {
		return "", err
	}
	return begun.Value.Video, c.available(ctx, token, begun.Value.Video)
}

// parts answers the ETag of each, which finalizing asks for. Their addresses
// carry their own authorization.
func (c *Connector) parts(ctx context.Context, begun filmForm, m networks.Media) ([]string, error) {
	film, err := rest.Open(ctx, m)
	if err != nil {
		return nil, err
	}
	defer func() { _ = film.Close() }()
	var ids []string
	for _, part := range begun.Value.Parts {
		length := part.Last - part.First + 1
		if length <= 0 || length > m.Size || !c.ours(part.Address) {
			return nil, c.rest.Unreadable(networks.CallPrepare)
		}
		answer, err := c.upload.Do(ctx, rest.Request{
			Call: networks.CallPrepare, Method: http.MethodPut, URL: part.Address,
			Body: io.LimitReader(film, length), Length: length, Content: "application/octet-stream",
		}, nil)
		if err != nil {
			return nil, err
		}
		ids = append(ids, answer.Header.Get("ETag"))
	}
	return ids, nil
}

// pause is how long to wait between two questions about a film.
const pause = 100 * time.Millisecond

// available waits until LinkedIn has worked on a film. The context bounds the wait.
func (c *Connector) available(ctx context.Context, token networks.Secret, urn string) error {
	for wait := pause; ; wait = min(2*wait, 5*time.Second) {
		var read struct {
			Status string `json:"status"`
		}
		r := c.call(networks.CallPrepare, http.MethodGet, token, "videos/"+url.PathEscape(urn))
		if _, err := c.rest.Do(ctx, r, &read); err != nil {
			return err
		}
		switch read.Status {
		case "AVAILABLE":
			return nil
		case "PROCESSING_FAILED":
			return &networks.Failure{
				Kind: networks.Rejected, Code: "processing_failed", Detail: "LinkedIn could not work with this film.",
			}
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			failure := c.rest.Unreadable(networks.CallPrepare)
			failure.Code, failure.Cause = "media_in_progress", ctx.Err()
			return failure
		}
	}
}
