package notifications

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"behalf/domain"
	"behalf/domain/notice"
	"behalf/eventstore"
)

// Setting is whether somebody is told of one kind of things in one channel.
type Setting struct {
	Kind    notice.Kind    `json:"kind" maxLength:"40" doc:"What it is about."`
	Channel notice.Channel `json:"channel" enum:"email,product" doc:"By e-mail, or inside the product."`
	Wanted  bool           `json:"wanted" doc:"Whether you are told."`
}

// Known is a setting as it stands.
type Known struct {
	Setting
	Class    notice.Class `json:"class" enum:"security,request,collaboration" doc:"security and request are told at once; mails of collaboration are gathered, at most one in half an hour."`
	Optional bool         `json:"optional" doc:"Whether it can be switched off."`
}

type settingsOutput struct {
	Body struct {
		Settings []Known `json:"settings" doc:"By kind and channel."`
	} `nameHint:"NotificationSettings"`
}

const sqlSettings = `
select
	kind,
	channel
from notices.preferences
where person = $1
	and not wanted`

func (d *Desk) settings(ctx context.Context, _ *struct{}) (*settingsOutput, error) {
	principal, err := person(ctx)
	if err != nil {
		return nil, err
	}
	return d.settingsOf(ctx, principal.User)
}

func (d *Desk) settingsOf(ctx context.Context, user domain.UserID) (*settingsOutput, error) {
	type choice struct {
		Kind    notice.Kind
		Channel notice.Channel
	}
	off := map[choice]bool{}
	batch := &pgx.Batch{}
	eventstore.Scope{User: user}.Queue(batch)
	batch.Queue(sqlSettings, [16]byte(user)).Query(func(rows pgx.Rows) error {
		var one choice
		_, err := pgx.ForEachRow(rows, []any{&one.Kind, &one.Channel}, func() error {
			off[one] = true
			return nil
		})
		return err
	})
	if err := d.Pool.SendBatch(ctx, batch).Close(); err != nil {
		return nil, fmt.Errorf("read notification settings: %w", err)
	}
	output := &settingsOutput{}
	for _, kind := range notice.Kinds() {
		for _, channel := range kind.Channels() {
			output.Body.Settings = append(output.Body.Settings, Known{
				Setting: Setting{Kind: kind, Channel: channel, Wanted: !kind.Optional() || !off[choice{kind, channel}]},
				Class:   kind.Class(), Optional: kind.Optional(),
			})
		}
	}
	return output, nil
}

type changeInput struct {
	Body struct {
		Settings []Setting `json:"settings" minItems:"1" maxItems:"100" doc:"What is to change."`
	} `nameHint:"NotificationSettingsChange"`
}

const sqlPrefer = `
insert into notices.preferences as known (person, kind, channel, wanted)
values ($1, $2, $3, $4)
on conflict (person, kind, channel) do update
set
	wanted = excluded.wanted,
	changed_at = clock_timestamp()
where known.wanted <> excluded.wanted`

func (d *Desk) change(ctx context.Context, input *changeInput) (*settingsOutput, error) {
	principal, err := person(ctx)
	if err != nil {
		return nil, err
	}
	for i, wanted := range input.Body.Settings {
		if err := check(fmt.Sprintf("body.settings[%d].kind", i), wanted); err != nil {
			return nil, err
		}
	}
	if err := d.prefer(ctx, principal.User, input.Body.Settings...); err != nil {
		return nil, err
	}
	return d.settingsOf(ctx, principal.User)
}

// check refuses what there is not, and to switch off what nobody can do without.
func check(field string, wanted Setting) error {
	switch {
	case !wanted.Kind.In(wanted.Channel):
		return domain.Wrong(0, field, "unknown_kind", "Nobody is told of this in this way.")
	case !wanted.Kind.Optional() && !wanted.Wanted:
		return domain.Wrong(0, field, "cannot_be_switched_off", "This protects your account, or waits for you alone.")
	}
	return nil
}

// prefer stores settings that were checked.
func (d *Desk) prefer(ctx context.Context, user domain.UserID, settings ...Setting) error {
	batch := &pgx.Batch{}
	eventstore.Scope{User: user}.Queue(batch)
	for _, wanted := range settings {
		batch.Queue(sqlPrefer, [16]byte(user), wanted.Kind, wanted.Channel, wanted.Wanted)
	}
	if err := d.Pool.SendBatch(ctx, batch).Close(); err != nil {
		return fmt.Errorf("change notification settings: %w", err)
	}
	return nil
}
