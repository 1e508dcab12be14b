package audit

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"behalf/domain"
	"behalf/domain/workspace"
	"behalf/eventstore"
)

// Show prints the exact membership of a workspace as of a moment (R65).
func (a Auditor) Show(ctx context.Context, out io.Writer, id domain.WorkspaceID, asOf Moment) error {
	known, err := a.names(ctx, id)
	if err != nil {
		return err
	}
	state, version, err := a.Store.StateAt(ctx, eventstore.Scope{Workspace: id}, workspace.Stream(id), asOf.upTo)
	if err != nil {
		return err
	}
	w := state.(*workspace.Workspace)
	if !w.Exists() {
		return ErrNoWorkspace
	}
	lines := []string{fmt.Sprintf("%s (%s) as of %s, version %d", w.Name, id, asOf, version)}
	for _, member := range sorted(w.Members, func(m workspace.Member) string { return rank(m.Role) + known.of(m.User.String()) }) {
		lines = append(lines, known.member(member)...)
	}
	for _, invitation := range sorted(w.Invitations, func(i workspace.Invitation) string { return i.ID.String() }) {
		if invitation.Status == workspace.Pending {
			lines = append(lines, fmt.Sprintf("  invited: %s as %s%s, until %s", known.of(invitation.Person.String()), invitation.Role,
				access(invitation.Offer.Access, invitation.Offer.RequireTwoFactor), invitation.ExpiresAt.Format(timeForm)))
			lines = append(lines, known.assignments(invitation.Offer.Assignments)...)
		}
	}
	_, err = fmt.Fprintln(out, strings.Join(lines, "\n"))
	return err
}

func (n names) member(m workspace.Member) []string {
	head := fmt.Sprintf("  %s: %s%s", m.Role, n.of(m.User.String()), access(m.Access, m.RequireTwoFactor))
	return append([]string{head}, n.assignments(sorted(m.Assignments, func(a workspace.Assignment) string {
		return n.of(a.Account.String())
	}))...)
}

func (n names) assignments(assignments []workspace.Assignment) []string {
	var lines []string
	for _, assignment := range assignments {
		words := []string{"posting level " + string(cmp.Or(assignment.PostingLevel, workspace.Full))}
		if assignment.ApprovesPosts {
			words = append(words, "approves posts")
		}
		if assignment.CredentialMode != workspace.NoMode {
			words = append(words, "credential mode "+string(assignment.CredentialMode))
		}
		lines = append(lines, "    "+n.of(assignment.Account.String())+": "+strings.Join(words, ", "))
	}
	return lines
}

func access(flags workspace.ClientAccess, twoFactor bool) string {
	var words []string
	if flags.AddAccounts {
		words = append(words, "add accounts")
	}
	if flags.ManagePosts {
		words = append(words, "manage posts")
	}
	if twoFactor {
		words = append(words, "two-factor required")
	}
	if len(words) == 0 {
		return ""
	}
	return " (" + strings.Join(words, ", ") + ")"
}

// rank sorts the Owner first.
func rank(role workspace.Role) string {
	return fmt.Sprint(slices.Index([]workspace.Role{workspace.Owner, workspace.Admin, workspace.Editor, workspace.Client}, role))
}

func sorted[K comparable, V any](all map[K]V, by func(V) string) []V {
	return slices.SortedFunc(maps.Values(all), func(a, b V) int { return cmp.Compare(by(a), by(b)) })
}
