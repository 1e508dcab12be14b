package story

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"behalf/api/client"
)

// membership is what a member sees of themself (R21).
type membership struct {
	client.OneMember
	Assignments assignments
}

type assignments []client.QueryAssignment

func (a assignments) String() string {
	lines := make([]string, len(a))
	for i, one := range a {
		lines[i] = fmt.Sprintf("%s with credential_mode %s, reauthenticated by %s, %s",
			one.Name, one.CredentialMode, one.ReauthenticatedByName, one.ConnectionState)
	}
	return strings.Join(lines, "; ")
}

// mode checks the mode on an account, and who mends its connection.
func (m membership) mode(account, mode, mends string) error {
	for _, assignment := range m.Assignments {
		if assignment.Account == account {
			return errors.Join(
				must("the credential mode", assignment.CredentialMode, mode),
				must("who reauthenticates", assignment.ReauthenticatedBy, mends),
			)
		}
	}
	return fmt.Errorf("%s is not assigned", account)
}

// ownMembership is what Carl sees of himself once the view has reached a position.
func (p *play) ownMembership(ctx context.Context, position int64) (own membership, err error) {
	read, err := p.carl.MyMembership(ctx, p.outcome.Workspace, client.MyMembershipIn{Position: position})
	if err != nil {
		return own, fmt.Errorf("read own membership: %w", err)
	}
	return membership{OneMember: read, Assignments: read.Assignments}, nil
}

// audit is step 7.
func (p *play) audit(ctx context.Context) error {
	log, err := p.Audit(ctx, "log", "--workspace", p.outcome.Workspace)
	if err != nil {
		return fmt.Errorf("audit log: %w", err)
	}
	p.say("behalf audit log --workspace %s\n%s", p.outcome.Workspace, log)
	for _, told := range []string{
		"workspace created", "account added", "client invited", "invitation accepted", "credential mode changed",
	} {
		if !strings.Contains(log, told) {
			return fmt.Errorf("the history does not tell %q", told)
		}
	}
	for _, moment := range []struct {
		position int64
		mode     string
	}{{p.afterChange - 1, "owner"}, {p.afterChange, "member"}} {
		position := strconv.FormatInt(moment.position, 10)
		shown, err := p.Audit(ctx, "show", "--workspace", p.outcome.Workspace, "--as-of", position)
		if err != nil {
			return fmt.Errorf("audit show: %w", err)
		}
		p.say("behalf audit show --workspace %s --as-of %s\n%s", p.outcome.Workspace, position, shown)
		if !strings.Contains(shown, "credential mode "+moment.mode) {
			return fmt.Errorf("the membership as of position %s does not show credential mode %s", position, moment.mode)
		}
	}
	made, err := p.olivia.AddToken(ctx, client.NewToken{Name: "demo"})
	if err != nil {
		return fmt.Errorf("make an API token: %w", err)
	}
	p.outcome.Token = made.Token
	return nil
}
