package story

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"behalf/api/client"
)

// publishAsOwner is step 4.
func (p *play) publishAsOwner(ctx context.Context) error {
	target, err := p.publish(ctx, "story-4-publish", "Hello from Carl, on Olivia's behalf.", "published")
	if err != nil {
		return err
	}
	return errors.Join(
		must("the attempt's mode", target.Mode, "owner"),
		must("the attempt's holder", target.Holder, p.oliviaID),
		p.shown(ctx, 1, p.Olivia),
	)
}

// changeMode is step 5.
func (p *play) changeMode(ctx context.Context) error {
	own, err := p.ownMembership(ctx, 0)
	if err != nil {
		return err
	}
	p.beforeChange = own.Position
	changed, err := p.olivia.ChangeCredentialMode(ctx, p.outcome.Workspace, client.WorkspaceChangeCredentialMode{
		Member: p.carlID, Account: p.outcome.Account, Mode: "member",
	}, once("story-5-mode"))
	if err != nil {
		return fmt.Errorf("change mode: %w", err)
	}
	p.afterChange = changed.Position
	p.say("ChangeCredentialMode to member, at position %d", changed.Position)

	target, err := p.publish(ctx, "story-5-publish", "This one waits for Carl's own connection.", "needs_reauthentication")
	if err != nil {
		return err
	}
	asked, err := p.Mail(ctx, p.Carl.Email, "Acme News")
	if err != nil {
		return fmt.Errorf("wait for the mail that asks Carl: %w", err)
	}
	p.say("mail to %s: %q; to Olivia: none", p.Carl.Email, asked.Subject)
	return errors.Join(
		must("the attempt's mode", target.Mode, "member"),
		must("who is asked", target.Holder, p.carlID),
		must("mails that ask Olivia", p.Mails(p.Olivia.Email, "Acme News"), 0),
		p.shown(ctx, 1, p.Olivia),
	)
}

// publishAsMember is step 6.
func (p *play) publishAsMember(ctx context.Context) error {
	_, err := p.connect(ctx, p.carl, p.Carl)
	var refused *Problem
	if !errors.As(err, &refused) {
		return fmt.Errorf("connecting without being an admin must be refused, got: %w", err)
	}
	p.say("connecting is refused: %s", refused)
	if err := errors.Join(must("the refusal's rule", refused.Rule, "R37"), must("the refusal's status", refused.Status, http.StatusForbidden)); err != nil {
		return err
	}
	if err := p.Sandbox.MakeAdmin(ctx, p.Page, p.Carl.SandboxName); err != nil {
		return fmt.Errorf("make Carl an admin on the sandbox: %w", err)
	}
	p.say("Carl is made an admin of the page, on the sandbox")
	if _, err := p.connect(ctx, p.carl, p.Carl); err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	p.say("Carl has connected Acme News himself")
	target, err := p.publish(ctx, "story-6-publish", "Hello from Carl, as himself.", "published")
	if err != nil {
		return err
	}
	return errors.Join(
		must("the attempt's mode", target.Mode, "member"),
		must("the attempt's holder", target.Holder, p.carlID),
		p.shown(ctx, 2, p.Carl),
	)
}

// target is one account of a post, as the posts view tells it.
type target = client.QueryTarget

// publish has Carl publish a text now, and waits until its target is in the state.
func (p *play) publish(ctx context.Context, key, text, state string) (target, error) {
	done, err := p.carl.PublishPost(ctx, p.outcome.Workspace, client.PostPublishPost{
		Text: text, Targets: []client.PostDestination{{Account: p.outcome.Account}},
	}, once(key))
	if err != nil {
		return target{}, fmt.Errorf("publish: %w", err)
	}
	post, err := Answer{done}.PostID()
	if err != nil {
		return target{}, err
	}
	for {
		seen, err := p.carl.Client.Post(ctx, p.outcome.Workspace, post, client.PostIn{Position: done.Position})
		if err != nil {
			return target{}, fmt.Errorf("read post: %w", err)
		}
		if len(seen.Targets) == 1 && seen.Targets[0].State == state {
			found := seen.Targets[0]
			p.say("%q → %s, mode %s %s%s", text, found.State, found.Mode, found.URL, found.Detail)
			return found, nil
		}
		select {
		case <-ctx.Done():
			return target{}, fmt.Errorf("the target did not become %s: it is %+v", state, seen.Targets)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// shown checks what the sandbox shows on the page: so many posts, the latest
// through the token of one person.
func (p *play) shown(ctx context.Context, posts int, through Person) error {
	log, err := p.Sandbox.Log(ctx)
	if err != nil {
		return fmt.Errorf("read the sandbox: %w", err)
	}
	shown := log.On(p.Page).Posts
	if err := must("posts on the page", len(shown), posts); err != nil {
		return err
	}
	latest := shown[posts-1]
	p.say("the sandbox shows %d on the page; the latest used the token of %s", posts, latest.Person)
	return must("whose token was used", latest.Person, through.SandboxName)
}
