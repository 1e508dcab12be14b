package user

// Proof says how an address was shown to reach the person.
type Proof string

// The proofs of an address. A link counts because it was mailed there and
// nowhere else, whatever it was for.
const (
	ByLink       Proof = "link"       // that was mailed to verify it
	ByInvitation Proof = "invitation" // that was mailed there and accepted (R23)
	ByReset      Proof = "reset"      // of the password, by a link mailed there
	ByProvider   Proof = "provider"   // the provider that the person signed in with says so
)
