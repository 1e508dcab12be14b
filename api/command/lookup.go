package command

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/account"
	"behalf/domain/post"
	"behalf/domain/workspace"
	"behalf/domain/workspace/assignment"
	"behalf/domain/workspace/membership"
	"behalf/eventstore"
	"behalf/projections/reading"
	"behalf/projections/reading/posts"
)

// Sources are where preparers find what commands cannot know.
type Sources struct {
	SignIn        *signin.Desk
	InvitationKey [32]byte
	Mails         Mails
	Store         *eventstore.Store
	Views         *reading.Reader
	Contents      Contents
}

// Preparers are all but that of connecting, by the command's name.
func Preparers(s Sources) map[string]Preparer {
	preparers := s.ofMembers()
	maps.Copy(preparers, s.ofPosts())
	return preparers
}

// ofMembers are those of the commands about members and invitations.
func (s Sources) ofMembers() map[string]Preparer {
	return map[string]Preparer{
		"InviteClient":      Invite(s.SignIn, s.Mails),
		"InviteAdmin":       Invite(s.SignIn, s.Mails),
		"InviteEditor":      Invite(s.SignIn, s.Mails),
		"InviteAuditor":     Invite(s.SignIn, s.Mails),
		"ResendInvitation":  Resend(s.Mails),
		"AcceptInvitation":  FollowLink(s.InvitationKey),
		"DeclineInvitation": FollowLink(s.InvitationKey),

		"ChangeRole":           {Prepare: s.lookUp(s.changeRole)},
		"ChangeClientAccess":   {Prepare: s.lookUp(s.changeClientAccess)},
		"ChangeCredentialMode": {Prepare: s.lookUp(s.changeCredentialMode)},
		"RemoveMember":         {Prepare: s.lookUp(s.removeMember)},
		"LeaveWorkspace":       {Prepare: s.lookUp(s.leaveWorkspace)},
		"UnassignAccount":      {Prepare: s.lookUp(s.unassignAccount)},
		"RemoveAccount":        {Prepare: s.lookUp(s.removeAccount)},
	}
}

// patience is how long a command waits for the views to have come to the head
// of the log.
const patience = 2 * time.Second

// lookUp looks something up for who would not be refused anyway: others learn
// nothing of the views, not even by how long it takes.
func (s Sources) lookUp(look func(context.Context, *Order) error) func(context.Context, *Order) error {
	return func(ctx context.Context, order *Order) error {
		if err := order.tryOut(); err != nil {
			return err
		}
		return look(ctx, order)
	}
}

// changeRole needs to know whether posts wait for approval (R9): it waits for
// views that know it, or fails.
func (s Sources) changeRole(ctx context.Context, order *Order) error {
	change := order.Command.(*membership.ChangeRole)
	pending, behind, err := s.pending(ctx, order, change.Member, domain.AccountID{})
	if err != nil {
		return err
	}
	if behind != nil {
		return behind
	}
	change.Waiting = postsOf(pending, post.Waiting)
	change.Pending = postsOf(pending)
	return nil
}

// What follows takes effect at once, however far the views are: what they have
// not seen yet is missing in the list, and passes to the Owner all the same (R61).

func (s Sources) changeClientAccess(ctx context.Context, order *Order) (err error) {
	change := order.Command.(*membership.ChangeClientAccess)
	change.Pending, err = s.posts(ctx, order, change.Member, domain.AccountID{})
	return err
}

func (s Sources) removeMember(ctx context.Context, order *Order) (err error) {
	remove := order.Command.(*membership.RemoveMember)
	remove.Pending, err = s.posts(ctx, order, remove.Member, domain.AccountID{})
	return err
}

func (s Sources) leaveWorkspace(ctx context.Context, order *Order) (err error) {
	leave := order.Command.(*membership.LeaveWorkspace)
	leave.Pending, err = s.posts(ctx, order, order.By.User, domain.AccountID{})
	return err
}

func (s Sources) unassignAccount(ctx context.Context, order *Order) (err error) {
	unassign := order.Command.(*assignment.UnassignAccount)
	unassign.Pending, err = s.posts(ctx, order, unassign.Member, unassign.Account)
	return err
}

func (s Sources) removeAccount(ctx context.Context, order *Order) error {
	remove := order.Command.(*assignment.RemoveAccount)
	pending, _, err := s.ask(ctx, order, domain.UserID{}, remove.Account)
	remove.Waiting = postsOf(pending, post.Due, post.Waiting, post.NeedsReauthentication)
	return err
}

// changeCredentialMode finds the scheduled posts that the new mode leaves
// without a connection that can be used (R48). They do not hinder it.
func (s Sources) changeCredentialMode(ctx context.Context, order *Order) error {
	change := order.Command.(*assignment.ChangeCredentialMode)
	if order.Admission.Workspace.Accounts[change.Account].ByHand { // no connection is needed
		return nil
	}
	holder := order.Admission.Workspace.Owner
	if change.Mode == workspace.MemberMode {
		holder = change.Member
	}
	stream := account.Stream(change.Account)
	loaded, err := s.Store.Load(ctx, order.Admission.Scope(), stream)
	if err != nil {
		return fmt.Errorf("look for the new mode's connection: %w", err)
	}
	if domain.Fact[*account.Account](loaded.Facts, stream).ConnectionOf(holder).State == account.Active {
		return nil
	}
	pending, _, err := s.pending(ctx, order, change.Member, change.Account)
	change.Stranded = postsOf(pending, post.Due, post.Waiting)
	return err
}

func (s Sources) posts(ctx context.Context, order *Order, author domain.UserID, on domain.AccountID) ([]domain.PostID, error) {
	pending, _, err := s.pending(ctx, order, author, on)
	return postsOf(pending), err
}

// pending asks the view for what has been in the log when the command came.
// behind is not nil when it has not come that far in time. Who is only invited
// has no posts.
func (s Sources) pending(ctx context.Context, order *Order, author domain.UserID, on domain.AccountID) (pending []posts.PendingTarget, behind, err error) {
	if author.IsZero() {
		return nil, nil, nil
	}
	return s.ask(ctx, order, author, on)
}

// ask is pending of everybody where author is zero.
func (s Sources) ask(ctx context.Context, order *Order, author domain.UserID, on domain.AccountID) (pending []posts.PendingTarget, behind, err error) {
	head, err := s.Store.Head(ctx)
	if err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	answer, err := posts.Pending(ctx, s.Views, order.Admission.Scope(), head, author, on)
	if err != nil {
		return nil, nil, fmt.Errorf("look for pending posts: %w", err)
	}
	if !answer.Reached {
		behind = &problem.BehindError{Position: head, Reached: answer.Position}
	}
	return answer.Value, behind, nil
}

// postsOf are the posts with a target in one of these states, or in any.
func postsOf(pending []posts.PendingTarget, states ...post.TargetState) []domain.PostID {
	var found []domain.PostID
	for _, target := range pending {
		if (len(states) == 0 || slices.Contains(states, target.State)) && !slices.Contains(found, target.Post) {
			found = append(found, target.Post)
		}
	}
	return found
}
