package audit

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"behalf/api/history/past"
	"behalf/domain"
	"behalf/domain/workspace"
)

// Show prints the exact membership of a workspace as of a moment (R65).
func (a Auditor) Show(ctx context.Context, out io.Writer, id domain.WorkspaceID, asOf past.Moment, format Format) error {
	state, err := a.state(ctx, id, asOf)
	if err != nil {
		return err
	}
	m, err := a.Reader.Describe(ctx, state)
	if err != nil {
		return err
	}
	if format == JSON {
		return writeJSON(out, m)
	}
	known, err := a.names(ctx, state)
	if err != nil {
		return err
	}
	lines := []string{fmt.Sprintf("%s (%s) as of %s, version %d%s", oneLine(m.Name), id, asOf, m.Version, known.standing(m))}
	for _, member := range m.Members {
		lines = append(lines, fmt.Sprintf("  %s: %s%s", member.Role, known.of(member.User.String()), access(member.Access, member.Auditor, member.RequireTwoFactor)))
		lines = append(lines, known.assignments(member.Assignments)...)
	}
	for _, invitation := range m.Invitations {
		until := "until " + invitation.ExpiresAt.Format(timeForm)
		if invitation.Status == "expired" {
			until = "expired " + invitation.ExpiresAt.Format(timeForm)
		}
		lines = append(lines, fmt.Sprintf("  invited: %s as %s%s, %s", oneLine(invitation.Email), invitation.Role,
			access(invitation.Access, invitation.Auditor, invitation.RequireTwoFactor), until))
		lines = append(lines, known.assignments(invitation.Assignments)...)
	}
	for _, account := range m.Accounts {
		lines = append(lines, fmt.Sprintf("  account: %s on %s%s", known.of(account.ID.String()), oneLine(account.Network), aside(account)))
	}
	_, err = fmt.Fprintln(out, strings.Join(lines, "\n"))
	return err
}

// defaultGrace is the grace that nobody has set, in minutes: nothing is said of it.
const defaultGrace = int(workspace.DefaultGrace / time.Minute)

// standing is what holds for the whole workspace.
func (n names) standing(m past.Membership) string {
	var words string
	if !m.OfferedTo.IsZero() {
		words += ", ownership offered to " + n.of(m.OfferedTo.String())
	}
	if m.Paused {
		words += ", paused"
	}
	if m.Grace != defaultGrace {
		words += fmt.Sprintf(", grace of %d minutes", m.Grace)
	}
	switch {
	case m.Deleted:
		words += ", deleted"
	case !m.DeleteAt.IsZero():
		words += ", to be deleted " + m.DeleteAt.Format(timeForm)
	}
	if m.Closed {
		words += ", closed"
	}
	return words
}

func aside(account past.Account) string {
	var words string
	if account.ClientApproval == workspace.AllClients {
		words += ", all approving clients have to approve"
	}
	if account.Paused {
		words += ", paused"
	}
	return words
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

func access(flags workspace.ClientAccess, auditor, twoFactor bool) string {
	var words []string
	if flags.AddAccounts {
		words = append(words, "add accounts")
	}
	if flags.ManagePosts {
		words = append(words, "manage posts")
	}
	if auditor {
		words = append(words, "auditor")
	}
	if twoFactor {
		words = append(words, "two-factor required")
	}
	if len(words) == 0 {
		return ""
	}
	return " (" + strings.Join(words, ", ") + ")"
}
