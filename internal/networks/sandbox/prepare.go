package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"behalf/internal/networks"
)

// made is what Prepare has made so far.
type made struct {
	Media map[string]string `json:"media,omitempty"` // the network's ids, by ours
	Draft string            `json:"draft,omitempty"`
}

func readMade(p networks.Prepared) (m made, err error) {
	if len(p) > 0 && json.Unmarshal(p, &m) != nil {
		return m, errUnprepared()
	}
	return m, nil
}

func errUnprepared() *networks.Failure {
	return &networks.Failure{Kind: networks.NotSent, Code: "not_prepared", Detail: "What was to be published is not prepared."}
}

func (m made) write() networks.Prepared {
	written, _ := json.Marshal(m) // strings alone
	return written
}

// Prepare implements networks.Connector: it uploads media, one by one, and
// makes the draft where the class has drafts.
func (c *Connector) Prepare(ctx context.Context, s networks.Session, a networks.Attempt, save networks.Save) (networks.Prepared, error) {
	if len(a.Content.Media) == 0 && c.class != TwoPhase {
		return nil, nil
	}
	m, err := readMade(a.Prepared)
	if err != nil {
		m = made{}
	}
	if m.Media == nil {
		m.Media = map[string]string{}
	}
	for _, medium := range a.Content.Media {
		if m.Media[medium.ID] != "" {
			continue
		}
		if m.Media[medium.ID], err = c.upload(ctx, s, medium); err != nil {
			return nil, err
		}
		if err := save(ctx, m.write()); err != nil {
			return nil, err
		}
	}
	if c.class == TwoPhase && m.Draft == "" {
		answer, err := c.post(ctx, networks.CallPrepare, s, c.form(s, a, m), "pages", s.Account, "drafts")
		if err != nil {
			return nil, err
		}
		if m.Draft, err = c.idOf(answer); err != nil {
			return nil, err
		}
		if err := save(ctx, m.write()); err != nil {
			return nil, err
		}
	}
	return m.write(), nil
}

func (c *Connector) upload(ctx context.Context, s networks.Session, medium networks.Media) (string, error) {
	content, err := medium.Open(ctx)
	if err != nil {
		return "", &networks.Failure{Kind: networks.NotSent, Code: "medium_unreadable", Cause: err, Detail: "A picture of the post cannot be read."}
	}
	r, err := c.request(ctx, http.MethodPost, s.Credential, "pages", s.Account, "media")
	if err != nil {
		return "", errors.Join(err, content.Close())
	}
	r.Header.Set("Content-Type", medium.Type)
	r.Body, r.ContentLength = content, medium.Size
	answer := c.wire.Do(ctx, networks.CallPrepare, r)
	if failure := c.Classify(answer); failure != nil {
		return "", failure
	}
	return c.idOf(answer)
}

func (c *Connector) idOf(answer networks.Answer) (string, error) {
	var read struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(answer.Body, &read) != nil || read.ID == "" {
		return "", c.unreadable(answer.Call)
	}
	return read.ID, nil
}

// Discard implements networks.Connector: the network keeps media, and removes
// a draft unless it was published.
func (c *Connector) Discard(ctx context.Context, s networks.Session, p networks.Prepared) error {
	m, err := readMade(p)
	if err != nil || m.Draft == "" {
		return nil
	}
	err = c.remove(ctx, networks.CallPrepare, s, "pages", s.Account, "drafts", m.Draft)
	if failure, ok := errors.AsType[*networks.Failure](err); ok {
		switch failure.Code {
		case "draft_not_found", "draft_discarded", "draft_published":
			return nil
		}
	}
	return err
}
