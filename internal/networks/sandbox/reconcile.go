package sandbox

import (
	"context"
	"errors"
	"net/http"
	"time"

	"behalf/internal/networks"
)

// slack is how far the network's clock may be behind ours.
const slack = 30 * time.Second

// Reconcile implements networks.Connector. A post that was deleted since is
// Unknown: it was there, and whether it should be again is for a person to say.
func (c *Connector) Reconcile(ctx context.Context, s networks.Session, a networks.Attempt) (networks.Verdict, error) {
	var verdict networks.Verdict
	var err error
	switch c.class {
	case ClientKey:
		verdict, err = c.byKey(ctx, s, a)
	case TwoPhase:
		verdict, err = c.byDraft(ctx, s, a)
	case ExpiringKey, Listed:
		verdict, err = c.byList(ctx, s, a)
	case Silent:
		return networks.Verdict{State: networks.Unknown}, nil
	}
	if err != nil {
		return networks.Verdict{State: networks.Unknown}, err
	}
	return verdict, nil
}

// byKey: the key names the post, or proves that there is none.
func (c *Connector) byKey(ctx context.Context, s networks.Session, a networks.Attempt) (networks.Verdict, error) {
	r, err := c.request(ctx, http.MethodGet, s.Credential, "pages", s.Account, "posts", a.Key)
	if err != nil {
		return networks.Verdict{}, err
	}
	answer := c.wire.Do(ctx, networks.CallRead, r)
	if failure := c.Classify(answer); failure != nil {
		switch failure.Code {
		case "post_not_found":
			return networks.Verdict{State: networks.Absent}, nil
		case "post_deleted":
			return networks.Verdict{State: networks.Unknown}, nil
		}
		return networks.Verdict{}, failure
	}
	published, err := c.published(answer, a)
	return networks.Verdict{State: networks.Live, Published: published}, err
}

// byDraft: what no draft was made for was not published.
func (c *Connector) byDraft(ctx context.Context, s networks.Session, a networks.Attempt) (networks.Verdict, error) {
	made, err := readMade(a.Prepared)
	if err != nil || made.Draft == "" {
		return networks.Verdict{State: networks.Absent}, nil
	}
	var read struct {
		State string    `json:"state"`
		Post  *postForm `json:"post"`
	}
	err = c.get(ctx, &read, s.Credential, "pages", s.Account, "drafts", made.Draft)
	if failure, ok := errors.AsType[*networks.Failure](err); ok && (failure.Code == "draft_not_found" || failure.Code == "draft_discarded") {
		return networks.Verdict{State: networks.Absent}, nil
	}
	switch {
	case err != nil:
		return networks.Verdict{}, err
	case read.State == "open":
		return networks.Verdict{State: networks.Absent}, nil
	case read.Post == nil || read.Post.ID == "":
		return networks.Verdict{}, c.unreadable(networks.CallRead)
	default:
		return networks.Verdict{State: networks.Live, Published: read.Post.published()}, nil
	}
}

// byList searches the latest posts for the content. The list proves an absence
// only if it goes back to before the attempt.
func (c *Connector) byList(ctx context.Context, s networks.Session, a networks.Attempt) (networks.Verdict, error) {
	var read struct {
		Posts []postForm `json:"posts"`
	}
	if err := c.get(ctx, &read, s.Credential, "pages", s.Account, "posts"); err != nil {
		return networks.Verdict{}, err
	}
	since := a.Begun.Add(-slack)
	for _, post := range read.Posts {
		if post.At.Before(since) {
			return networks.Verdict{State: networks.Absent}, nil
		}
		if post.Text == a.Content.TextWithLink() && post.Identity == s.Identity {
			return networks.Verdict{State: networks.Live, Published: post.published()}, nil
		}
	}
	if len(read.Posts) >= listed {
		return networks.Verdict{State: networks.Unknown}, nil
	}
	return networks.Verdict{State: networks.Absent}, nil
}
