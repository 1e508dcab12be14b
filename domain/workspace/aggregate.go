package workspace

import (
	"slices"

	"behalf/domain"
)

// Aggregate describes workspace streams. The commands that live in rooms of
// their own import this package, so whoever offers them hands them in: see
// package catalog. The state and the events are the same without them.
func Aggregate(rooms ...[]domain.CommandType) domain.Aggregate {
	return domain.Aggregate{
		Category: domain.WorkspaceStreams,
		New:      func() domain.State { return new(Workspace) },
		Events:   events(),
		Commands: slices.Concat(append([][]domain.CommandType{commands()}, rooms...)...),
	}
}

func events() []domain.EventType {
	return []domain.EventType{
		domain.TypeOf[Created](),
		domain.TypeOf[Renamed](),
		domain.TypeOf[OwnershipOffered](),
		domain.TypeOf[OwnershipOfferWithdrawn](),
		domain.TypeOf[OwnershipDeclined](),
		domain.TypeOf[OwnershipTransferred](),
		domain.TypeOf[Closed](),
		domain.TypeOf[DeletionScheduled](),
		domain.TypeOf[DeletionCancelled](),
		domain.TypeOf[Deleted](),
		domain.TypeOf[ExportRequested](),
		domain.TypeOf[ExportFinished](),
		domain.TypeOf[PublishingPaused](),
		domain.TypeOf[PublishingResumed](),
		domain.TypeOf[GraceSet](),
		domain.TypeOf[ClientInvited](),
		domain.TypeOf[AdminInvited](),
		domain.TypeOf[EditorInvited](),
		domain.TypeOf[AuditorInvited](),
		domain.TypeOf[InvitationAmended](),
		domain.TypeOf[InvitationResent](),
		domain.TypeOf[InvitationRevoked](),
		domain.TypeOf[InvitationDeclined](),
		domain.TypeOf[InvitationExpired](),
		domain.TypeOf[InvitationSuperseded](),
		domain.TypeOf[InvitationAccepted](),
		domain.TypeOf[RoleChanged](),
		domain.TypeOf[ClientAccessChanged](),
		domain.TypeOf[AddingAccountsGranted](),
		domain.TypeOf[AddingAccountsWithdrawn](),
		domain.TypeOf[AuditorGranted](),
		domain.TypeOf[AuditorWithdrawn](),
		domain.TypeOf[TwoFactorRequired](),
		domain.TypeOf[TwoFactorRequirementLifted](),
		domain.TypeOf[MemberRemoved](),
		domain.TypeOf[MemberLeft](),
		domain.TypeOf[AccountAssigned](),
		domain.TypeOf[AccountUnassigned](),
		domain.TypeOf[PostingLevelChanged](),
		domain.TypeOf[ApprovalChanged](),
		domain.TypeOf[CredentialModeChanged](),
		domain.TypeOf[AccountAdded](),
		domain.TypeOf[AccountRemoved](),
		domain.TypeOf[ClientApprovalChanged](),
	}
}
