package dev

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"behalf/domain/personal"
	"behalf/eventstore"
	"behalf/internal/mail/capture"
)

// What the views hold about people who are about to be erased.
const sqlAboutToBeErased = `
select p.name
from views.people as p
join persons.due as d on d.person = p.user_id
union all
select p.email
from views.people as p
join persons.due as d on d.person = p.user_id
union all
select i.email
from views.invitations as i
join persons.due as d on d.person = i.person_id`

// forgetMails removes the captured mails that were sent to somebody who is
// about to be erased, or name them. A real mail server's are out of our reach;
// these are in the data folder. It has to come before the key is destroyed:
// afterwards nobody knows whose they were.
func (w *World) forgetMails(ctx context.Context) error {
	if w.Mails == nil {
		return nil
	}
	pool, err := w.Pool(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	keys, err := w.Persons(ctx, eventstore.RoleEngine)
	if err != nil {
		return err
	}
	rows, err := pool.Query(ctx, sqlAboutToBeErased)
	if err != nil {
		return fmt.Errorf("look for mails to forget: %w", err)
	}
	texts, err := pgx.CollectRows(rows, pgx.RowTo[personal.Text])
	if err != nil {
		return fmt.Errorf("look for mails to forget: %w", err)
	}
	if err := personal.OpenAll(ctx, keys, &texts); err != nil {
		return err
	}
	_, err = w.Mails.Forget(func(m capture.Message) bool {
		return slices.ContainsFunc(texts, func(t personal.Text) bool {
			says, readable := t.Plain()
			return readable && (slices.Contains(m.To, says) || strings.Contains(m.Text, says))
		})
	})
	return err
}
