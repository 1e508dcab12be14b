package limit

import "time"

// Policies are all limits of the API. The zero value bounds nothing.
type Policies struct {
	Client  Policy // requests from one network address
	Account Policy // requests of one person or one of their API tokens

	SignInClient  Policy // trials to sign in from one network address
	SignInAddress Policy // for one e-mail address from one network address
	SignInAnyhow  Policy // for one e-mail address from all clients that never signed in as that person
	Password      Policy // trials of one's own password by who is signed in

	RegisterClient Policy // accounts opened from one network address
	MailClient     Policy // mails asked for from one network address
	MailAddress    Policy // mails asked for to one e-mail address, registering included

	InviteSender    Policy // invitations that one person sends, sent once more included
	InviteWorkspace Policy // invitations into one workspace
	InvitePair      Policy // invitations that one person sends to one e-mail address: fewer than InviteAddress
	InviteAddress   Policy // invitations to one e-mail address, whoever sends them

	// Pace is the least time after which an answer comes that must not tell
	// whether an address is known; see Evenly.
	Pace time.Duration
}

// Standard are the limits of an installation. Requests of clients and accounts
// are counted by each process: a trip to Redis for each would cost more than
// most requests do. What is counted for an address that anybody may type stands
// in no answer but a refusal: whether the address is known, or was used from
// there before, would be told by what is left.
func Standard() Policies {
	return Policies{
		Client:  Policy{Name: "client", Quota: 3000, Window: time.Minute},
		Account: Policy{Name: "account", Quota: 1200, Window: time.Minute},

		SignInClient:  Policy{Name: "sign-in-client", Quota: 60, Window: 10 * time.Minute, Shared: true},
		SignInAddress: Policy{Name: "sign-in", Quota: 10, Window: 10 * time.Minute, Shared: true, Silent: true},
		SignInAnyhow:  Policy{Name: "sign-in-address", Quota: 60, Window: time.Hour, Shared: true, Silent: true},
		Password:      Policy{Name: "password", Quota: 10, Window: 10 * time.Minute, Shared: true},

		RegisterClient: Policy{Name: "register-client", Quota: 30, Window: time.Hour, Shared: true},
		MailClient:     Policy{Name: "mail-client", Quota: 30, Window: time.Hour, Shared: true},
		MailAddress:    Policy{Name: "mail-address", Quota: 5, Window: time.Hour, Shared: true, Silent: true},

		InviteSender:    Policy{Name: "invite", Quota: 300, Window: 24 * time.Hour, Shared: true},
		InviteWorkspace: Policy{Name: "invite-workspace", Quota: 600, Window: 24 * time.Hour, Shared: true},
		InvitePair:      Policy{Name: "invite-pair", Quota: 60, Window: 24 * time.Hour, Shared: true, Silent: true},
		InviteAddress:   Policy{Name: "invite-address", Quota: 240, Window: 24 * time.Hour, Shared: true, Silent: true},

		Pace: 400 * time.Millisecond,
	}
}
