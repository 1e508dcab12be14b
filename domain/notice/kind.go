package notice

import (
	"slices"
	"strings"
)

// Kind is what a notice is about.
type Kind string

// The kinds.
const (
	Invitation       Kind = "invitation"                // R20
	Reminder         Kind = "reminder"                  // of an invitation that is about to expire; by mail alone
	Added            Kind = "added"                     // the person is a member now (R22)
	AccessChanged    Kind = "access_changed"            // role, flags, accounts, modes
	Removed          Kind = "removed"                   // the person is no member any more
	PostsPassed      Kind = "posts_passed"              // to the Owner: a member went, or their posts are the Owner's now (R61); by mail alone
	OwnershipOffered Kind = "ownership_offered"         // R11
	Reauthentication Kind = "reauthentication"          // R44
	StillDown        Kind = "reauthentication_reminder" // R44: the same, days later
	RunsOut          Kind = "connection_runs_out"       // R44: before it happens, where nobody but the holder can renew it
	TwoFactor        Kind = "two_factor_required"       // R63
	WorkspaceChanged Kind = "workspace_changed"         // renamed (R13), or its publishing paused or resumed (R68)
	WorkspaceEnding  Kind = "workspace_ending"          // closed, to be deleted, or not any more (R13)
	WorkspaceDeleted Kind = "workspace_deleted"         // for good (R13); by mail alone, because nobody sees anything of it inside any more
	ExportReady      Kind = "export_ready"              // the Owner's archive can be fetched (R13)

	// About one post; see IsAboutPost.
	PostWaiting    Kind = "post_waiting"     // for the person's approval (R50, R51)
	PostReminder   Kind = "post_reminder"    // of the same, before its time is missed (R56)
	PostApproved   Kind = "post_approved"    // to its author
	PostDeclined   Kind = "post_declined"    // to its author, with a note (R55)
	PostTrouble    Kind = "post_trouble"     // minutes before its time: to who can mend what the network would refuse
	PostHandedOver Kind = "post_handed_over" // it is the person's to publish by hand, now
	PostFailed     Kind = "post_failed"      // to its author, and to the holder whose connection may not do it
	PostMissed     Kind = "post_missed"      // to its author (R56)
	PostUnknown    Kind = "post_unknown"     // to its author and the Owner, who decide (R59)
	PostKept       Kind = "post_kept"        // the network goes on showing what the person deleted

	PasswordChanged  Kind = "password_changed"
	AddressChanged   Kind = "address_changed" // told to the old address
	NewSignIn        Kind = "new_sign_in"
	TwoFactorChanged Kind = "two_factor_changed" // a second factor was enabled or disabled

	// With a link that lets in whoever has it, by mail alone.
	Verification        Kind = "address_verification" // proves the address
	AddressConfirmation Kind = "address_confirmation" // proves the address that the person wants instead
	PasswordReset       Kind = "password_reset"       // sets a new password
	AlreadyRegistered   Kind = "already_registered"   // somebody tried to register the address again; no link
)

// Class is how urgently and how stubbornly somebody is told.
type Class string

// The classes.
const (
	Security      Class = "security"      // at once, always
	Request       Class = "request"       // at once: something waits for this person
	Collaboration Class = "collaboration" // gathered
)

// Channel is a way in which somebody is told.
type Channel string

// The channels.
const (
	Email   Channel = "email"
	Product Channel = "product" // the notifications inside
)

// described is what each kind is like.
var described = map[Kind]struct {
	class    Class
	optional bool
	channels []Channel
}{
	Invitation:          {Request, false, both},
	Reminder:            {Request, true, byMail},
	Added:               {Collaboration, true, both},
	AccessChanged:       {Collaboration, true, both},
	Removed:             {Collaboration, true, both},
	PostsPassed:         {Collaboration, true, byMail},
	OwnershipOffered:    {Request, false, both},
	Reauthentication:    {Request, false, both},
	StillDown:           {Request, false, both},
	RunsOut:             {Request, false, both},
	TwoFactor:           {Security, false, both},
	WorkspaceChanged:    {Collaboration, true, both},
	WorkspaceEnding:     {Collaboration, false, both},
	WorkspaceDeleted:    {Collaboration, false, byMail},
	ExportReady:         {Request, false, both},
	PostWaiting:         {Collaboration, true, both},
	PostReminder:        {Request, true, both},
	PostApproved:        {Collaboration, true, both},
	PostDeclined:        {Collaboration, true, both},
	PostTrouble:         {Request, false, both},
	PostHandedOver:      {Request, false, both},
	PostFailed:          {Collaboration, true, both},
	PostMissed:          {Collaboration, true, both},
	PostUnknown:         {Request, false, both},
	PostKept:            {Collaboration, true, both},
	PasswordChanged:     {Security, false, both},
	AddressChanged:      {Security, false, both},
	NewSignIn:           {Security, false, both},
	TwoFactorChanged:    {Security, false, both},
	Verification:        {Security, false, byMail},
	AddressConfirmation: {Security, false, byMail},
	PasswordReset:       {Security, false, byMail},
	AlreadyRegistered:   {Security, false, byMail},
}

var (
	both   = []Channel{Email, Product}
	byMail = []Channel{Email}
)

// Kinds lists all kinds, by name.
func Kinds() []Kind {
	kinds := make([]Kind, 0, len(described))
	for kind := range described {
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	return kinds
}

// IsKnown reports whether there is such a kind.
func (k Kind) IsKnown() bool {
	_, known := described[k]
	return known
}

// Class is the kind's class. What is unknown is told at once and always.
func (k Kind) Class() Class {
	if d, known := described[k]; known {
		return d.class
	}
	return Security
}

// Gathered reports whether mails of this kind wait for each other.
func (k Kind) Gathered() bool { return k.Class() == Collaboration }

// IsAboutPost reports whether it is about one post: who may not see that any
// more is told nothing of it (R27, R64). The views tell by the kind's name.
func (k Kind) IsAboutPost() bool { return strings.HasPrefix(string(k), "post_") }

// Optional reports whether a person may switch this kind off. Nobody can switch
// off what protects their account, nor what waits for them alone (R44).
func (k Kind) Optional() bool { return described[k].optional }

// In reports whether this kind is told in a channel.
func (k Kind) In(channel Channel) bool { return slices.Contains(described[k].channels, channel) }

// Channels are the ways in which this kind is told.
func (k Kind) Channels() []Channel { return described[k].channels }
