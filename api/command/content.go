package command

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/post"
	"behalf/domain/post/ending"
	"behalf/domain/post/planning"
	"behalf/domain/post/writing"
	"behalf/domain/workspace"
	"behalf/internal/networks"
)

// Contents are where a post's content is looked at before it is scheduled (R60).
type Contents struct {
	Networks networks.Registry
	Persons  personal.Opener
	// Media finds what was uploaded to a workspace; what is not there is left
	// out. None is there when nil.
	Media func(ctx context.Context, ws domain.WorkspaceID, wanted []domain.MediaID) (map[domain.MediaID]networks.Media, error)
}

// ofPosts are the preparers of the commands about posts, by name.
func (s Sources) ofPosts() map[string]Preparer {
	return map[string]Preparer{
		"CreateDraft":      {Prepare: s.createDraft},
		"PublishPost":      {Prepare: s.publishPost},
		"SchedulePost":     {Prepare: s.schedulePost},
		"SubmitPost":       {Prepare: s.submitPost},
		"EditPost":         {Prepare: s.editPost},
		"PublishTargetNow": {Prepare: s.publishTargetNow},
		"ResolveUnknown":   {Prepare: s.resolveUnknown},
		"DuplicatePost":    {Prepare: s.duplicatePost},
		"DeletePost":       {Prepare: s.deletePost},
	}
}

// createDraft asks for the media alone: a draft may be anything else.
func (s Sources) createDraft(ctx context.Context, order *Order) error {
	draft := order.Command.(*writing.CreateDraft)
	return s.mustHave(ctx, order, draft.Content)
}

func (s Sources) publishPost(ctx context.Context, order *Order) (err error) {
	publish := order.Command.(*planning.PublishPost)
	publish.Checked, err = s.checked(ctx, order, publish.Post, publish.Content)
	return err
}

func (s Sources) schedulePost(ctx context.Context, order *Order) (err error) {
	schedule := order.Command.(*planning.SchedulePost)
	schedule.Checked, err = s.checked(ctx, order, schedule.Post, schedule.Content)
	return err
}

func (s Sources) submitPost(ctx context.Context, order *Order) (err error) {
	submit := order.Command.(*planning.SubmitPost)
	submit.Checked, err = s.checked(ctx, order, submit.Post, post.Content{})
	return err
}

func (s Sources) publishTargetNow(ctx context.Context, order *Order) (err error) {
	publish := order.Command.(*planning.PublishTargetNow)
	publish.Checked, err = s.checked(ctx, order, publish.Post, post.Content{}, publish.Account)
	return err
}

// resolveUnknown looks at what is sent again, if it is.
func (s Sources) resolveUnknown(ctx context.Context, order *Order) (err error) {
	resolve := order.Command.(*ending.ResolveUnknown)
	if !resolve.Shown {
		resolve.Checked, err = s.checked(ctx, order, resolve.Post, post.Content{}, resolve.Account)
	}
	return err
}

func (s Sources) editPost(ctx context.Context, order *Order) (err error) {
	edit := order.Command.(*writing.EditPost)
	if err := s.mustHave(ctx, order, edit.Content); err != nil {
		return err
	}
	edit.Checked, err = s.checked(ctx, order, edit.Post, edit.Content)
	return err
}

func (s Sources) duplicatePost(ctx context.Context, order *Order) error {
	duplicate := order.Command.(*writing.DuplicatePost)
	original, content, err := s.read(ctx, order, duplicate.Original)
	duplicate.Content, duplicate.Revision = content, original.Revision
	return err
}

// deletePost says which networks can be asked to remove a post.
func (s Sources) deletePost(_ context.Context, order *Order) error {
	remove := order.Command.(*ending.DeletePost)
	remove.AtNetwork = map[string]bool{}
	for name, connector := range s.Contents.Networks {
		remove.AtNetwork[name] = connector.Capabilities().Deleting
	}
	return nil
}

// read reads a post, and what it says, for whoever may see it: of others'
// nothing is opened, and the decision refuses them.
func (s Sources) read(ctx context.Context, order *Order, id domain.PostID) (p post.Post, content post.Content, err error) {
	stream := post.Stream(id)
	loaded, err := s.Store.Load(ctx, order.Admission.Scope(), stream)
	if err != nil {
		return p, content, fmt.Errorf("read a post: %w", err)
	}
	p = *domain.Fact[*post.Post](loaded.Facts, stream)
	if p.Workspace != order.Workspace || !p.SeenBy(order.Admission.Member) {
		return p, content, nil
	}
	sealed := p.Content
	if err := s.Contents.Persons.Open(ctx, &sealed); err != nil {
		return p, content, err
	}
	content, err = post.ReadContent(sealed)
	return p, content, err
}

// checked looks at what is to go out: the content that comes with the command,
// or the post's; on the accounts that are named, or all of them.
func (s Sources) checked(ctx context.Context, order *Order, id domain.PostID, content post.Content, only ...domain.AccountID) (checked post.Checked, err error) {
	if content.IsZero() {
		p, said, err := s.read(ctx, order, id)
		if err != nil {
			return checked, err
		}
		checked.Revision, content = p.Revision, said
		content.Targets = goesTo(p, said.Targets, only)
	}
	found, err := s.media(ctx, order.Workspace, content)
	if err != nil {
		return checked, err
	}
	if checked.Revision == 0 {
		describe(content, found)
	}
	for i, target := range content.Targets {
		held, known := order.Admission.Workspace.Accounts[target.Account]
		if !known || !order.Admission.Member.Holds(target.Account) || len(only) > 0 && !slices.Contains(only, target.Account) {
			continue // the decision refuses it, or it is not asked for
		}
		faults, err := s.faults(ctx, held, content.On(target.Account), found)
		if err != nil {
			return checked, err
		}
		for _, fault := range faults {
			fault.Field, fault.Detail = fmt.Sprintf("targets[%d].%s", i, fault.Field), held.Name+": "+fault.Detail
			checked.Faults = append(checked.Faults, fault)
		}
	}
	return checked, nil
}

// goesTo are the destinations of a content that its post still goes to, and those
// asked for to which it goes although the latest revision does not name them.
func goesTo(p post.Post, named []post.Destination, asked []domain.AccountID) (all []post.Destination) {
	for _, on := range asked {
		if !slices.ContainsFunc(named, func(d post.Destination) bool { return d.Account == on }) {
			named = append(slices.Clip(named), post.Destination{Account: on})
		}
	}
	for _, target := range named {
		if _, still := p.Targets[target.Account]; still {
			all = append(all, target)
		}
	}
	return all
}

// faults is everything that a network would refuse of what is said on an account.
func (s Sources) faults(ctx context.Context, on workspace.Account, said post.Said, found map[domain.MediaID]networks.Media) (faults []domain.Fault, err error) {
	content := networks.Content{Text: said.Text, Link: said.Link}
	for i, medium := range said.Media {
		file, known := found[medium.ID]
		if !known {
			faults = append(faults, unknownMedium(fmt.Sprintf("media[%d]", i)))
			continue
		}
		file.Alt = medium.Alt // as it is published: whoever wrote the content has described it
		content.Media = append(content.Media, file)
	}
	connector, err := s.Contents.Networks.Connector(on.Network)
	if err != nil {
		return append(faults, domain.Fault{Field: "account", Code: "no_connector", Detail: "This installation does not speak to that network."}), nil
	}
	limits, err := connector.Limits(ctx, on.Remote)
	var failure *networks.Failure
	switch {
	case errors.As(err, &failure): // its host does not answer now: whoever publishes finds out
		return faults, nil
	case err != nil:
		return nil, fmt.Errorf("ask for a network's limits: %w", err)
	}
	for _, violation := range limits.Check(content) {
		faults = append(faults, domain.Fault{Field: violation.Field, Code: violation.Code, Detail: violation.Detail})
	}
	return faults, nil
}

func (s Sources) media(ctx context.Context, ws domain.WorkspaceID, content post.Content) (map[domain.MediaID]networks.Media, error) {
	wanted := content.Used()
	if len(wanted) == 0 || s.Contents.Media == nil {
		return nil, nil
	}
	return s.Contents.Media(ctx, ws, wanted)
}

// describe gives the media of a command's content, in place, what is known of
// them where the content says nothing: what is approved is what is published,
// whatever somebody calls the item later (R54).
func describe(content post.Content, found map[domain.MediaID]networks.Media) {
	fill := func(media []post.Media) {
		for i := range media {
			if media[i].Alt == "" {
				media[i].Alt = found[media[i].ID].Alt
			}
		}
	}
	fill(content.Media)
	for _, target := range content.Targets {
		fill(target.Media)
	}
}

// mustHave describes the content's media, and refuses those that were not
// uploaded to this workspace: a draft would keep the name of nothing.
func (s Sources) mustHave(ctx context.Context, order *Order, content post.Content) error {
	found, err := s.media(ctx, order.Workspace, content)
	if err != nil {
		return err
	}
	describe(content, found)
	for _, id := range content.Used() {
		if _, known := found[id]; !known {
			fault := unknownMedium("media")
			return domain.Wrong(domain.R60, fault.Field, fault.Code, fault.Detail)
		}
	}
	return nil
}

func unknownMedium(field string) domain.Fault {
	return domain.Fault{Field: field, Code: "unknown_medium", Detail: "There is no such picture or film in this workspace. Upload it first."}
}
