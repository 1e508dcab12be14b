package history

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"behalf/api/history/past"
	"behalf/api/problem"
	"behalf/domain"
	"behalf/domain/auditlog"
	"behalf/eventstore"
)

// untold answers R32 for what was not there yet, and says how far the log is
// where a moment lies ahead of it.
func untold(err error) error {
	var ahead *past.AheadError
	switch {
	case errors.Is(err, past.ErrNoWorkspace):
		return domain.Hidden()
	case errors.As(err, &ahead):
		refused := problem.New(http.StatusUnprocessableEntity, "position_ahead",
			fmt.Sprintf("The log ends at %d; an answer as of %d would not stay true.", ahead.Head, ahead.Position))
		refused.Position, refused.Reached = ahead.Position, &ahead.Head
		return refused
	}
	return err
}

type asOfInput struct {
	In
	At string `query:"at" maxLength:"100" doc:"An RFC 3339 instant, a day (its start, UTC) or a position in the log; now if absent."`
}

type membershipOutput struct {
	Body past.Membership
}

func (d *Desk) asOf(ctx context.Context, input *asOfInput) (*membershipOutput, error) {
	scope, err := d.audit(ctx, input.Workspace, auditlog.WhoWasIn, "at", input.At)
	if err != nil {
		return nil, err
	}
	at, err := moment("at", input.At)
	if err != nil {
		return nil, err
	}
	membership, err := d.Reader.Membership(ctx, scope, scope.Workspace, at)
	if err != nil {
		return nil, untold(err)
	}
	return &membershipOutput{Body: membership}, nil
}

type diffInput struct {
	In
	From string `query:"from" maxLength:"100" doc:"An RFC 3339 instant, a day (its start, UTC) or a position in the log; before the beginning if absent."`
	To   string `query:"to" maxLength:"100" doc:"An RFC 3339 instant, a day (its start, UTC) or a position in the log; now if absent."`
}

type diffOutput struct {
	Body struct {
		Differences []past.Difference `json:"differences" doc:"By subject; none if nothing changed."`
	} `nameHint:"HistoryDiff"`
}

func (d *Desk) diff(ctx context.Context, input *diffInput) (*diffOutput, error) {
	scope, err := d.audit(ctx, input.Workspace, auditlog.WhatChanged, "from", input.From, "to", input.To)
	if err != nil {
		return nil, err
	}
	from, err := moment("from", input.From)
	if err != nil {
		return nil, err
	}
	to, err := moment("to", input.To)
	if err != nil {
		return nil, err
	}
	before := past.Membership{}
	if input.From != "" {
		if before, err = d.orNothing(ctx, scope, from); err != nil {
			return nil, err
		}
	}
	after, err := d.Reader.Membership(ctx, scope, scope.Workspace, to)
	if err != nil {
		return nil, untold(err)
	}
	output := &diffOutput{}
	output.Body.Differences, err = past.Diff(before, after)
	return output, err
}

// orNothing is the membership, empty before the beginning.
func (d *Desk) orNothing(ctx context.Context, scope eventstore.Scope, at past.Moment) (past.Membership, error) {
	membership, err := d.Reader.Membership(ctx, scope, scope.Workspace, at)
	if errors.Is(err, past.ErrNoWorkspace) {
		return past.Membership{}, nil
	}
	return membership, untold(err)
}

type whoCouldInput struct {
	In
	Account string `query:"account" maxLength:"100" doc:"Where; every account of the workspace if absent."`
	At      string `query:"at" maxLength:"100" doc:"An RFC 3339 instant, a day (its start, UTC) or a position in the log; now if absent."`
}

type whoCouldOutput struct {
	Body struct {
		Members []past.Ability `json:"members" doc:"Everybody who was permitted to post there, by account, role and id."`
	} `nameHint:"WhoCould"`
}

func (d *Desk) whoCould(ctx context.Context, input *whoCouldInput) (*whoCouldOutput, error) {
	scope, err := d.audit(ctx, input.Workspace, auditlog.WhoCould, "account", input.Account, "at", input.At)
	if err != nil {
		return nil, err
	}
	at, err := moment("at", input.At)
	if err != nil {
		return nil, err
	}
	accounts, err := d.accounts(ctx, scope, input.Account, at)
	if err != nil {
		return nil, err
	}
	output := &whoCouldOutput{}
	if output.Body.Members, err = d.Reader.WhoCould(ctx, scope, scope.Workspace, at, accounts...); err != nil {
		return nil, untold(err)
	}
	return output, nil
}

// accounts are the one that was named, or all that the workspace held.
func (d *Desk) accounts(ctx context.Context, scope eventstore.Scope, named string, at past.Moment) ([]domain.AccountID, error) {
	var account domain.AccountID
	if err := account.UnmarshalText([]byte(named)); err != nil {
		return nil, wrong("account", err)
	}
	if !account.IsZero() {
		return []domain.AccountID{account}, nil
	}
	membership, err := d.Reader.Membership(ctx, scope, scope.Workspace, at)
	if err != nil {
		return nil, untold(err)
	}
	var all []domain.AccountID
	for _, held := range membership.Accounts {
		all = append(all, held.ID)
	}
	return all, nil
}
