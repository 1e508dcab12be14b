package mastodon

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"time"

	"behalf/internal/networks"
	"behalf/internal/networks/outcome"
)

// prepared is what was uploaded: a server keeps it for about a day.
type prepared struct {
	Media []medium `json:"media,omitempty"` // in the content's order
}

type medium struct {
	ID    string `json:"id"`
	Ready bool   `json:"ready,omitempty"`
}

// Prepare implements networks.Connector: it uploads media and waits until the
// server has worked on them.
func (c *Connector) Prepare(
	ctx context.Context, s networks.Session, a networks.Attempt, save networks.Save,
) (networks.Prepared, error) {
	tokens, _, err := open(s)
	if err != nil {
		return nil, err
	}
	made, err := read(a.Prepared)
	if err != nil {
		return nil, err
	}
	for i, m := range a.Content.Media {
		if i >= len(made.Media) {
			uploaded, err := c.upload(ctx, tokens, m)
			if err != nil {
				return nil, err
			}
			made.Media = append(made.Media, uploaded)
			written, err := json.Marshal(made)
			if err != nil {
				return nil, err
			}
			if err := save(ctx, written); err != nil {
				return nil, err
			}
		}
	}
	for i := range made.Media {
		if err := c.await(ctx, tokens, &made.Media[i]); err != nil {
			return nil, err
		}
	}
	if len(made.Media) == 0 {
		return nil, nil
	}
	return json.Marshal(made)
}

func read(p networks.Prepared) (made prepared, err error) {
	if len(p) > 0 && json.Unmarshal(p, &made) != nil {
		err = &networks.Failure{
			Kind: networks.Rejected, Code: "malformed_prepared", Detail: "What was prepared on the server cannot be read any more.",
		}
	}
	return made, err
}

// upload sends a medium as a form of parts, whose length is known beforehand.
func (c *Connector) upload(ctx context.Context, tokens networks.OAuth2, m networks.Media) (medium, error) {
	var frame bytes.Buffer
	form := multipart.NewWriter(&frame)
	if m.Alt != "" {
		if err := form.WriteField("description", m.Alt); err != nil {
			return medium{}, err
		}
	}
	header := textproto.MIMEHeader{"Content-Type": {m.Type}}
	header.Set("Content-Disposition", `form-data; name="file"; filename="`+fileName(m)+`"`)
	if _, err := form.CreatePart(header); err != nil {
		return medium{}, err
	}
	before := frame.Len()
	if err := form.Close(); err != nil {
		return medium{}, err
	}
	head, tail := frame.Bytes()[:before], frame.Bytes()[before:]
	content, err := m.Open(ctx)
	if err != nil {
		return medium{}, fmt.Errorf("open a medium: %w", err)
	}
	body := struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head), content, bytes.NewReader(tail)), content}
	answer, err := c.send(ctx, call{
		kind: networks.CallPrepare, method: http.MethodPost, base: tokens.Host, path: "/api/v2/media", token: tokens.AccessToken,
		raw: body, length: int64(frame.Len()) + m.Size, media: form.FormDataContentType(), client: c.uploads,
	})
	if err != nil {
		return medium{}, err
	}
	if failure := c.Classify(answer); failure != nil {
		return medium{}, failure
	}
	made := medium{Ready: answer.Status == http.StatusOK}
	if err := outcome.Read(title, answer, &made); err != nil || made.ID == "" {
		return medium{}, outcome.Unclear(title, networks.CallPrepare, "unreadable_answer")
	}
	return made, nil
}

func fileName(m networks.Media) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '.' || r == '-' {
			return r
		}
		return '-'
	}, m.Name)
}

// await asks until the medium is ready: the server answers 206 before.
func (c *Connector) await(ctx context.Context, tokens networks.OAuth2, m *medium) error {
	for !m.Ready {
		answer, err := c.send(ctx, call{
			kind: networks.CallPrepare, method: http.MethodGet, base: tokens.Host, path: "/api/v1/media/" + url.PathEscape(m.ID), token: tokens.AccessToken,
		})
		if err != nil {
			return err
		}
		if failure := c.Classify(answer); failure != nil {
			return failure
		}
		if m.Ready = answer.Status == http.StatusOK; m.Ready {
			return nil
		}
		select {
		case <-ctx.Done():
			failure := outcome.Unclear(title, networks.CallPrepare, "still_processing")
			failure.Cause = ctx.Err()
			return failure
		case <-time.After(c.poll):
		}
	}
	return nil
}

// Discard implements networks.Connector. Servers before 4.4 have no such call
// and forget what is not used by themselves.
func (c *Connector) Discard(ctx context.Context, s networks.Session, p networks.Prepared) error {
	tokens, _, err := open(s)
	if err != nil {
		return err
	}
	made, err := read(p)
	if err != nil {
		return err
	}
	for _, m := range made.Media {
		answer, err := c.send(ctx, call{
			kind: networks.CallDelete, method: http.MethodDelete, base: tokens.Host, path: "/api/v1/media/" + url.PathEscape(m.ID), token: tokens.AccessToken,
		})
		if err != nil {
			return err
		}
		if failure := c.Classify(answer); failure != nil && answer.Status != http.StatusNotFound &&
			answer.Status != http.StatusMethodNotAllowed && answer.Status != http.StatusUnprocessableEntity {
			return failure
		}
	}
	return nil
}
