package command

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/credential"
	"behalf/domain/workspace"
	"behalf/domain/workspace/assignment"
	"behalf/domain/workspace/membership"
	"behalf/domain/workspace/ownership"
	"behalf/eventstore"
	"behalf/projections/reading/posts"
)

// Foreseen are the commands that may leave scheduled targets without a
// connection that can be used: their answer names those, and with dry_run it is
// given without carrying them out (R48).
var Foreseen = []string{
	"AcceptOwnership", "AssignAccount", "ChangeClientAccess", "ChangeCredentialMode", "ChangePostingLevel", "ChangeRole",
	"DisconnectAccount", "LeaveWorkspace", "OfferOwnership", "RemoveAccount", "RemoveMember", "UnassignAccount",
}

// Stalled is a scheduled target that would not go out any more.
type Stalled struct {
	Post    domain.PostID    `json:"post" doc:"The post."`
	Account domain.AccountID `json:"account" doc:"Where it is to go."`
	Due     time.Time        `json:"due" doc:"When."`
	Rule    domain.Rule      `json:"rule" doc:"Which rule holds it up."`
	Code    string           `json:"code" doc:"Why, for machines."`
	Detail  string           `json:"detail" doc:"The same for people."`
	Mends   domain.UserID    `json:"mends,omitzero" doc:"The one person who can mend it; absent where nobody can."`
}

// mostStalled bounds what one answer names, the most urgent; how many more there
// are, it says.
const mostStalled = 1000

// outlook is what is to go out, and how things are, before a command.
type outlook struct {
	ways     []posts.Way             // in which targets go out
	targets  []posts.ScheduledTarget // the most urgent of those that the command was to hold up
	before   workspace.Workspace
	accounts map[domain.AccountID]account.Account
}

// touched is whose targets a command may hold up, and where: all of them, unless
// it is about one account or one member.
func touched(order Order) (of posts.ScheduledOf) {
	switch c := order.Command.(type) {
	case *assignment.AssignAccount:
		of.Account, of.Author = c.Assignment.Account, c.Member
	case *assignment.UnassignAccount:
		of.Account, of.Author = c.Account, c.Member
	case *assignment.ChangeCredentialMode:
		of.Account, of.Author = c.Account, c.Member
	case *assignment.ChangePostingLevel:
		of.Account, of.Author = c.Account, c.Member
	case *membership.ChangeClientAccess:
		of.Author = c.Member
	case *membership.ChangeRole:
		of.Author = c.Member
	case *membership.RemoveMember:
		of.Author = c.Member
	case *membership.LeaveWorkspace:
		of.Author = order.By.User
	case *account.DisconnectAccount:
		of.Account = c.Account
	case *assignment.RemoveAccount:
		of.Account = c.Account
	}
	return of
}

// lookAhead finds out for a command of which it is foreseen; nil for others, and
// for one that is refused, for which nothing is read. What the views have not
// seen yet is missing.
func (d *Desk) lookAhead(ctx context.Context, order Order) (*outlook, error) {
	if !slices.Contains(Foreseen, order.Type.Name) {
		return nil, nil //nolint:nilnil // most commands hold nothing up
	}
	_, changes, err := d.decide(ctx, order)
	if refused := (*domain.Refusal)(nil); errors.As(err, &refused) {
		return nil, nil //nolint:nilnil // who carries it out hears why
	}
	if err != nil {
		return nil, err
	}
	return d.outlook(ctx, order, changes)
}

// decide is what a command would do now.
func (d *Desk) decide(ctx context.Context, order Order) (eventstore.Loaded, []domain.Change, error) {
	loaded, err := d.store.Load(ctx, eventstore.Scope{Workspace: order.Workspace, User: order.By.User},
		order.Type.Streams(order.Command, order.Workspace, order.By)...)
	if err != nil {
		return loaded, nil, err
	}
	changes, err := order.Type.Decide(order.Command, order.Workspace, loaded.Facts, order.By)
	return loaded, changes, err
}

// outlook reads in which ways targets go out, and those that the changes hold up,
// as many as an answer names.
func (d *Desk) outlook(ctx context.Context, order Order, changes []domain.Change) (*outlook, error) {
	found, err := posts.Ways(ctx, d.views, order.Admission.Scope(), touched(order))
	if err != nil {
		return nil, fmt.Errorf("look what is scheduled: %w", err)
	}
	o := &outlook{ways: found.Value, before: order.Admission.Workspace, accounts: map[domain.AccountID]account.Account{}}
	var streams []domain.Stream
	for _, way := range o.ways {
		if stream := account.Stream(way.Account); !slices.Contains(streams, stream) {
			streams = append(streams, stream)
		}
	}
	if len(streams) == 0 {
		return o, nil
	}
	loaded, err := d.store.Load(ctx, order.Admission.Scope(), streams...)
	if err != nil {
		return nil, fmt.Errorf("look who is connected: %w", err)
	}
	for _, stream := range streams {
		o.accounts[domain.AccountID(stream.ID)] = *domain.Fact[*account.Account](loaded.Facts, stream)
	}
	var held []posts.Way
	for way := range o.held(order, changes) {
		held = append(held, way)
	}
	if len(held) == 0 {
		return o, nil
	}
	targets, err := posts.Scheduled(ctx, d.views, order.Admission.Scope(), held, mostStalled)
	if err != nil {
		return nil, fmt.Errorf("look what is held up: %w", err)
	}
	o.targets = targets.Value
	return o, nil
}

// stalled are the targets that what happened holds up. more is how many of them
// are not listed.
func (o *outlook) stalled(order Order, happened []domain.Change) (all []Stalled, more int) {
	if o == nil {
		return nil, 0
	}
	why := map[posts.Way]Stalled{}
	for way, stall := range o.held(order, happened) {
		more += way.Targets
		way.Targets = 0
		why[way] = stall
	}
	for _, target := range o.targets {
		stall, held := why[posts.Way{Account: target.Account, Author: target.Author, Identity: target.Identity}]
		if !held {
			continue // it came otherwise than was foreseen
		}
		stall.Post, stall.Due = target.Post, target.Due
		all = append(all, stall)
	}
	return all, max(0, more-len(all))
}

// held are the ways in which nothing goes out any more because of what happened:
// those in which something would have gone out before, or whom somebody else has
// to mend from now on, on accounts that the acting member has (R27).
func (o *outlook) held(order Order, happened []domain.Change) map[posts.Way]Stalled {
	after := *o.before.Clone().(*workspace.Workspace)
	accounts := map[domain.AccountID]account.Account{}
	for id, a := range o.accounts {
		accounts[id] = *a.Clone().(*account.Account)
	}
	for _, change := range slices.Concat(happened, foreseenTransfer(order, after)) {
		if change.Stream.Category == domain.AccountStreams {
			a := accounts[domain.AccountID(change.Stream.ID)]
			a.Evolve(change.Event)
			accounts[domain.AccountID(change.Stream.ID)] = a
		} else {
			after.Evolve(change.Event)
		}
	}
	all := map[posts.Way]Stalled{}
	for _, way := range o.ways {
		if !order.Admission.Member.Holds(way.Account) && (order.dry || after.Owner != order.By.User) {
			continue // R27; whoever has become the Owner by it has every account
		}
		was, failed := credential.Resolve(o.before, way.Account, o.accounts[way.Account], way.Author, way.Identity)
		is, err := credential.Resolve(after, way.Account, accounts[way.Account], way.Author, way.Identity)
		if err == nil && is.GoesOut() || failed != nil && err != nil {
			continue
		}
		if failed == nil && err == nil && !was.GoesOut() && was.Holder == is.Holder {
			continue // it was held up before, and nothing about that has changed
		}
		all[way] = stall(way.Account, is, err)
	}
	return all
}

// foreseenTransfer is what accepting an offered ownership would do (R49).
func foreseenTransfer(order Order, w workspace.Workspace) []domain.Change {
	offer, is := order.Command.(*ownership.OfferOwnership)
	if !is {
		return nil
	}
	w.OfferedTo = offer.Member
	events, err := ownership.AcceptOwnership{}.Decide(w, domain.Actor{User: offer.Member, TwoFactor: true, Now: order.By.Now})
	if err != nil {
		return nil
	}
	return domain.On(workspace.Stream(order.Workspace), events...)
}

func stall(on domain.AccountID, is credential.Resolution, err error) Stalled {
	s := Stalled{Account: on, Rule: domain.R44, Code: "no_usable_connection", Mends: is.Mends()}
	var refused *domain.Refusal
	if errors.As(err, &refused) {
		s.Rule, s.Code, s.Detail, s.Mends = refused.Rule, refused.Code, refused.Detail, domain.UserID{}
		return s
	}
	s.Detail = "There is no connection to publish through: its holder has to connect the account."
	if is.State == account.NeedsReauthentication {
		s.Detail = "The connection does not work any more: its holder has to connect the account again."
	}
	return s
}

// dryRun answers what a command would hold up, and appends nothing. It refuses
// what would be refused.
func (d *Desk) dryRun(ctx context.Context, order Order) (Answer, error) {
	if prepare := d.preparers[order.Type.Name].Prepare; prepare != nil {
		if err := prepare(ctx, &order); err != nil {
			return Answer{}, err
		}
	}
	loaded, changes, err := d.decide(ctx, order)
	if err != nil {
		return Answer{}, err
	}
	order.dry = true
	ahead, err := d.outlook(ctx, order, changes)
	if err != nil {
		return Answer{}, err
	}
	answer := Answer{DryRun: true, Position: loaded.Position, Events: []Event{}}
	answer.Stalled, answer.StalledMore = ahead.stalled(order, changes)
	return answer, nil
}

func changesOf(result eventstore.Result) []domain.Change {
	changes := make([]domain.Change, len(result.Events))
	for i, recorded := range result.Events {
		changes[i] = domain.Change{Stream: recorded.Stream, Event: recorded.Event}
	}
	return changes
}
