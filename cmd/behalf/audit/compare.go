package audit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"behalf/api/history/past"
	"behalf/domain"
	"behalf/eventstore"
)

// Diff prints what two moments do not agree on. Before the workspace was
// created there was nothing.
func (a Auditor) Diff(ctx context.Context, out io.Writer, id domain.WorkspaceID, from, to past.Moment, format Format) error {
	scope := eventstore.Scope{Workspace: id}
	before, err := a.Reader.Membership(ctx, scope, id, from)
	if err != nil && !errors.Is(err, past.ErrNoWorkspace) {
		return err
	}
	state, err := a.state(ctx, id, to)
	if err != nil {
		return err
	}
	after, err := a.Reader.Describe(ctx, state)
	if err != nil {
		return err
	}
	differences, err := past.Diff(before, after)
	if err != nil {
		return err
	}
	if format == JSON {
		return eachJSON(out, differences)
	}
	known, err := a.names(ctx, state)
	if err != nil {
		return err
	}
	if len(differences) == 0 {
		_, err := fmt.Fprintln(out, "Nothing changed.")
		return err
	}
	for _, d := range differences {
		if _, err := fmt.Fprintln(out, known.difference(d)); err != nil {
			return err
		}
	}
	return nil
}

// difference puts one difference into words: "~ member Carl on Acme News:
// credential mode owner → member".
func (n names) difference(d past.Difference) string {
	words := strings.Fields(d.Subject)
	for i, word := range words {
		words[i] = n.of(word)
	}
	subject := strings.Join(words, " ")
	switch {
	case d.Field != "":
		return fmt.Sprintf("~ %s: %s %s → %s", subject, strings.ReplaceAll(d.Field, "_", " "), n.worded(d.Before), n.worded(d.After))
	case d.Before == nil:
		return fmt.Sprintf("+ %s: %s", subject, n.worded(d.After))
	default:
		return fmt.Sprintf("- %s: %s", subject, n.worded(d.Before))
	}
}

// WhoCould prints who could publish to an account at a moment, through whose
// connection, in what state, and by which events.
func (a Auditor) WhoCould(ctx context.Context, out io.Writer, id domain.WorkspaceID, account domain.AccountID, at past.Moment, format Format) error {
	abilities, err := a.Reader.WhoCould(ctx, eventstore.Scope{Workspace: id}, id, at, account)
	if err != nil {
		return err
	}
	if format == JSON {
		return eachJSON(out, abilities)
	}
	state, err := a.state(ctx, id, at)
	if err != nil {
		return err
	}
	known, err := a.names(ctx, state)
	if err != nil {
		return err
	}
	if len(abilities) == 0 {
		_, err := fmt.Fprintf(out, "Nobody was permitted to publish to %s.\n", known.of(account.String()))
		return err
	}
	for _, ability := range abilities {
		if _, err := fmt.Fprint(out, known.ability(ability)); err != nil {
			return err
		}
	}
	return nil
}

func (n names) ability(a past.Ability) string {
	could := "could publish"
	if !a.Could {
		could = "could not publish"
	}
	rules := make([]string, len(a.Rules))
	for i, rule := range a.Rules {
		rules[i] = rule.String()
	}
	halted := ""
	if a.Halted {
		halted = "nothing was sent, "
	}
	through := fmt.Sprintf("the connection of %s is %s", n.of(a.Holder.String()), strings.ReplaceAll(string(a.State), "_", " "))
	if a.ByHand {
		through = n.of(a.Holder.String()) + " posts by hand"
	}
	text := fmt.Sprintf("%s (%s) %s to %s: %scredential mode %s, %s (%s)\n", n.of(a.User.String()), a.Role, could,
		n.of(a.Account.String()), halted, a.Mode, through, strings.Join(rules, ", "))
	for _, cause := range a.Causes {
		text += fmt.Sprintf("  #%-5d %s  %s (%s)\n", cause.Position, cause.RecordedAt.Format(timeForm), words(cause.Type), cause.ID)
	}
	return text
}

func eachJSON[T any](out io.Writer, values []T) error {
	for _, value := range values {
		if err := writeJSON(out, value); err != nil {
			return err
		}
	}
	return nil
}
