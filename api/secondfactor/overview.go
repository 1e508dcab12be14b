package secondfactor

import (
	"context"
	"time"

	"behalf/api/signin"
	"behalf/domain/user"
)

// Factor is a second factor, without what it proves anything by.
type Factor struct {
	ID         user.FactorID `json:"id" doc:"The factor's id; no secret."`
	Kind       Kind          `json:"kind" enum:"authenticator,passkey" doc:"An authenticator app, or a passkey."`
	Name       string        `json:"name" doc:"What you called it."`
	CreatedAt  time.Time     `json:"created_at" doc:"When it was added."`
	LastUsedAt time.Time     `json:"last_used_at,omitzero" doc:"When it proved last who you are; absent: never."`
}

type overviewOutput struct {
	Body struct {
		Enabled       bool     `json:"enabled" doc:"Signing in takes a second factor."`
		Factors       []Factor `json:"factors" doc:"The oldest first."`
		RecoveryCodes int      `json:"recovery_codes" doc:"How many recovery codes were not used yet."`
	} `nameHint:"TwoFactor"`
}

func (d *Desk) overview(ctx context.Context, _ *struct{}) (*overviewOutput, error) {
	person := signin.From(ctx).User
	rows, err := d.factors(ctx, person)
	if err != nil {
		return nil, err
	}
	output := &overviewOutput{}
	output.Body.Enabled = len(rows) > 0
	output.Body.Factors = make([]Factor, len(rows))
	for i, row := range rows {
		output.Body.Factors[i] = row.shown()
	}
	output.Body.RecoveryCodes, err = d.codesLeft(ctx, person)
	return output, err
}
