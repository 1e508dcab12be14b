package secondfactor

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"behalf/domain"
	"behalf/domain/user/factors"
)

// recoveryCodes is how many a person gets at once.
const recoveryCodes = 10

// codeLength is how many characters a recovery code has, of five bits each:
// with 80 bits of randomness one round of SHA-256 is enough.
const codeLength = 16

// newCodes makes codes like "abcd-efgh-ijkl-mnop".
func newCodes() []string {
	codes := make([]string, recoveryCodes)
	for i := range codes {
		random := strings.ToLower(rand.Text()[:codeLength])
		codes[i] = random[:4] + "-" + random[4:8] + "-" + random[8:12] + "-" + random[12:]
	}
	return codes
}

// hashCode forgives how a code was typed. The person is part of what is hashed.
func hashCode(person domain.UserID, code string) []byte {
	code = strings.ToLower(strings.NewReplacer("-", "", " ", "").Replace(code))
	sum := sha256.Sum256(append(person[:], code...))
	return sum[:]
}

const sqlForgetCodes = `
delete from signin.recovery_codes
where person = $1`

const sqlAddCodes = `
insert into signin.recovery_codes (person, code_hash)
select $1, unnest($2::bytea[])`

// storeCodes replaces the codes of a person.
func storeCodes(ctx context.Context, tx pgx.Tx, person domain.UserID, codes []string) error {
	hashes := make([][]byte, len(codes))
	for i, code := range codes {
		hashes[i] = hashCode(person, code)
	}
	if _, err := tx.Exec(ctx, sqlForgetCodes, [16]byte(person)); err != nil {
		return fmt.Errorf("forget recovery codes: %w", err)
	}
	if _, err := tx.Exec(ctx, sqlAddCodes, [16]byte(person), hashes); err != nil {
		return fmt.Errorf("store recovery codes: %w", err)
	}
	return nil
}

const sqlUseCode = `
update signin.recovery_codes
set used_at = $3
where person = $1
  and code_hash = $2
  and used_at is null`

// useCode accepts a code once, whoever sends it at the same time.
func (d *Desk) useCode(ctx context.Context, person domain.UserID, code string) (bool, error) {
	tag, err := d.Pool.Exec(ctx, sqlUseCode, [16]byte(person), hashCode(person, code), d.Now().UTC())
	if err != nil {
		return false, fmt.Errorf("use a recovery code: %w", err)
	}
	return tag.RowsAffected() == 1, nil
}

const sqlCodesLeft = `
select count(*)
from signin.recovery_codes
where person = $1
  and used_at is null`

func (d *Desk) codesLeft(ctx context.Context, person domain.UserID) (left int, err error) {
	if err := d.Pool.QueryRow(ctx, sqlCodesLeft, [16]byte(person)).Scan(&left); err != nil {
		return 0, fmt.Errorf("count recovery codes: %w", err)
	}
	return left, nil
}

type codesOutput struct {
	Body struct {
		RecoveryCodes []string `json:"recovery_codes" doc:"Each is good once. Shown this once." readOnly:"true"`
	} `nameHint:"RecoveryCodes"`
}

func (d *Desk) renewRecoveryCodes(ctx context.Context, _ *struct{}) (*codesOutput, error) {
	principal, err := d.may(ctx)
	if err != nil {
		return nil, err
	}
	if err := d.issue(ctx, "RenewRecoveryCodes", &factors.RenewRecoveryCodes{}); err != nil {
		return nil, err
	}
	output := &codesOutput{}
	output.Body.RecoveryCodes = newCodes()
	err = pgx.BeginFunc(ctx, d.Pool, func(tx pgx.Tx) error {
		return storeCodes(ctx, tx, principal.User, output.Body.RecoveryCodes)
	})
	return output, err
}
