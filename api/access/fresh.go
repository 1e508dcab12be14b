package access

import (
	"net/http"
	"time"

	"behalf/api/problem"
	"behalf/api/signin"
	"behalf/domain"
)

// waiting marks operations that a session may use while it waits for its
// second factor.
const waiting = "waiting for the second factor"

// Waiting is the metadata of an operation that is part of proving the second
// factor. Every other one answers such a session second_factor_needed.
func Waiting() map[string]any { return map[string]any{waiting: true} }

// FreshlyProved returns the principal when it is a person's session in which
// they have proved who they are within signin.FreshProof: for what is
// dangerous. An API token cannot prove anything, and is refused.
func FreshlyProved(p signin.Principal, now time.Time) (domain.UserID, error) {
	person, err := SignedInPerson(p)
	if err != nil {
		return domain.UserID{}, err
	}
	if age := now.Sub(p.ProvedAt); age >= signin.FreshProof {
		return domain.UserID{}, problem.New(http.StatusForbidden, "fresh_proof_needed",
			"Prove who you are once more at /v1/sessions/current/proof, and send this again within ten minutes.")
	}
	return person, nil
}
