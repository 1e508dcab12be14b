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
	_, target, err := p.publish(ctx, "story-4-publish", "Hello from Carl, on Olivia's behalf.", p.outcome.Account, "published")
	if err != nil {
		return err
	}
	return errors.Join(
		must("the attempt's mode", target.Mode, "owner"),
		must("the attempt's holder", target.Holder, p.oliviaID),
		p.shown(ctx, p.Page, p.Olivia),
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
		Member: p.carlID, Account: p.jobs, Mode: "member",
	}, once("story-5-mode"))
	if err != nil {
		return fmt.Errorf("change mode: %w", err)
	}
	p.afterChange = changed.Position
	p.say("ChangeCredentialMode to member, at position %d", changed.Position)

	post, target, err := p.publish(ctx, "story-5-publish", "We are hiring. This waits for Carl's own connection.", p.jobs, "needs_reauthentication")
	if err != nil {
		return err
	}
	p.waits = post
	asked, err := p.Mail(ctx, p.Carl.Email, "Acme Jobs")
	if err != nil {
		return fmt.Errorf("wait for the mail that asks Carl: %w", err)
	}
	p.say("mail to %s: %q; to Olivia: none", p.Carl.Email, asked.Subject)
	return errors.Join(
		must("the attempt's mode", target.Mode, "member"),
		must("who is asked", target.Holder, p.carlID),
		must("mails that ask Olivia", p.Mails(p.Olivia.Email, "Acme Jobs"), 0),
		p.nothingOn(ctx, jobsPage),
	)
}

// publishAsMember is step 6. What waited is past its time by then, and goes out
// because Carl says so (R47).
func (p *play) publishAsMember(ctx context.Context) error {
	_, err := p.carl.Connect(ctx, p.outcome.Workspace, jobsPage, p.Carl)
	var refused *Problem
	if !errors.As(err, &refused) {
		return fmt.Errorf("connecting without being an admin must be refused, got: %w", err)
	}
	p.say("connecting is refused: %s", refused)
	if err := errors.Join(must("the refusal's rule", refused.Rule, "R37"), must("the refusal's status", refused.Status, http.StatusForbidden)); err != nil {
		return err
	}
	if err := p.Sandbox.MakeAdmin(ctx, jobsPage, p.Carl.SandboxName); err != nil {
		return fmt.Errorf("make Carl an admin on the sandbox: %w", err)
	}
	p.say("Carl is made an admin of the page, on the sandbox")
	if _, err := p.carl.Connect(ctx, p.outcome.Workspace, jobsPage, p.Carl); err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	p.say("Carl has connected Acme Jobs himself")
	again, err := p.carl.PublishTargetNow(ctx, p.outcome.Workspace, client.PostPublishTargetNow{Post: p.waits, Account: p.jobs}, once("story-6-publish"))
	if err != nil {
		return fmt.Errorf("publish now: %w", err)
	}
	target, err := p.await(ctx, p.waits, again.Position, "published")
	if err != nil {
		return err
	}
	return errors.Join(
		must("the attempt's mode", target.Mode, "member"),
		must("the attempt's holder", target.Holder, p.carlID),
		p.shown(ctx, jobsPage, p.Carl),
	)
}

// target is one account of a post, as the posts view tells it.
type target = client.QueryTarget

// publish has Carl publish a text now, and waits until its target is in the state.
func (p *play) publish(ctx context.Context, key, text, account, state string) (post string, found target, err error) {
	done, err := p.carl.PublishPost(ctx, p.outcome.Workspace, client.PostPublishPost{
		Text: text, Targets: []client.PostDestination{{Account: account}},
	}, once(key))
	if err != nil {
		return "", target{}, fmt.Errorf("publish: %w", err)
	}
	if post, err = (Answer{done}).PostID(); err != nil {
		return "", target{}, err
	}
	found, err = p.await(ctx, post, done.Position, state)
	return post, found, err
}

// await waits until the post's one target is in the state.
func (p *play) await(ctx context.Context, post string, position int64, state string) (target, error) {
	for {
		seen, err := p.carl.Client.Post(ctx, p.outcome.Workspace, post, client.PostIn{Position: position})
		if err != nil {
			return target{}, fmt.Errorf("read post: %w", err)
		}
		if len(seen.Targets) == 1 && seen.Targets[0].State == state {
			found := seen.Targets[0]
			p.say("%q → %s, mode %s %s%s", seen.Text, found.State, found.Mode, found.URL, found.Detail)
			return found, nil
		}
		select {
		case <-ctx.Done():
			return target{}, fmt.Errorf("the target did not become %s: it is %+v", state, seen.Targets)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// shown checks what the sandbox shows on a page: one post, through the token of
// one person.
func (p *play) shown(ctx context.Context, page string, through Person) error {
	log, err := p.Sandbox.Log(ctx)
	if err != nil {
		return fmt.Errorf("read the sandbox: %w", err)
	}
	shown := log.On(page).Posts
	if err := must("posts on the page", len(shown), 1); err != nil {
		return err
	}
	p.say("the sandbox shows 1 on %s; it used the token of %s", page, shown[0].Person)
	return must("whose token was used", shown[0].Person, through.SandboxName)
}

// nothingOn checks that the sandbox shows nothing on a page.
func (p *play) nothingOn(ctx context.Context, page string) error {
	log, err := p.Sandbox.Log(ctx)
	if err != nil {
		return fmt.Errorf("read the sandbox: %w", err)
	}
	return must("posts on the page", len(log.On(page).Posts), 0)
}
