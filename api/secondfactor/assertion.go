package secondfactor

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"behalf/api/signin"
	"behalf/domain"
	"behalf/domain/user/factors"
)

// storeTrials is how often a passkey's answer is looked at again because
// another one of the same passkey was stored meanwhile.
const storeTrials = 3

func (d *Desk) byPasskey(ctx context.Context, principal signin.Principal, rows []row, response []byte) (signin.Session, error) {
	party, err := d.party()
	if err != nil {
		return signin.Session{}, err
	}
	asked, err := d.takeChallenge(ctx, principal, toProve)
	if err != nil {
		return signin.Session{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(response)
	if err != nil {
		return signin.Session{}, wrongPasskey()
	}
	for range storeTrials {
		stored, err := d.assert(ctx, principal.User, ofKind(rows, Passkey), party, asked, parsed)
		if err != nil {
			return signin.Session{}, err
		}
		if stored {
			return d.proved(ctx, principal, signin.ByPasskey)
		}
		if rows, err = d.factors(ctx, principal.User); err != nil {
			return signin.Session{}, err
		}
	}
	return signin.Session{}, domain.Clash(0, "conflict", "The passkey is in use elsewhere at this moment. Try again.")
}

// assert checks a passkey's answer and stores what it changes of the passkey:
// counter, flags. False says that the row has moved.
func (d *Desk) assert(ctx context.Context, person domain.UserID, rows []row, party *webauthn.WebAuthn, asked webauthn.SessionData, parsed *protocol.ParsedCredentialAssertionData) (bool, error) {
	h, err := d.holder(ctx, person, rows)
	if err != nil {
		return false, err
	}
	used, err := party.ValidateLogin(h, asked, parsed)
	if err != nil {
		return false, wrongPasskey()
	}
	for i, r := range rows {
		if !bytes.Equal(h.held[i].ID, used.ID) {
			continue
		}
		if used.Authenticator.CloneWarning {
			return false, d.refuse(ctx, r)
		}
		return d.keep(ctx, r, used)
	}
	return false, wrongPasskey()
}

// refuse answers a passkey whose counter does not go up: two of it exist, or it
// is broken. It stays; whichever counts further may be used again, and history
// tells the person.
func (d *Desk) refuse(ctx context.Context, r row) error {
	if err := d.issue(ctx, "RefusePasskey", &factors.RefusePasskey{Factor: r.ID}); err != nil {
		return err
	}
	return domain.Forbid(0, "passkey_copied", "There may be a copy of this passkey: it has counted backwards. Prove yourself by something else, and remove it.")
}

const sqlKeepPasskey = `
update signin.factors
set sealed = $3,
    generation = generation + 1,
    last_used_at = $4
where id = $1
  and generation = $2`

func (d *Desk) keep(ctx context.Context, r row, used *webauthn.Credential) (bool, error) {
	whole, err := json.Marshal(used)
	if err != nil {
		return false, fmt.Errorf("write passkey: %w", err)
	}
	sealed, err := d.seal(r, whole)
	if err != nil {
		return false, err
	}
	tag, err := d.Pool.Exec(ctx, sqlKeepPasskey, [16]byte(r.ID), r.Generation, sealed, d.Now().UTC())
	if err != nil {
		return false, fmt.Errorf("keep passkey: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}
