package post

import (
	"slices"

	"behalf/domain"
)

// Aggregate describes post streams. All commands live in rooms of their own that
// import this package, so whoever offers them hands them in: see package
// catalog. The state and the events are the same without them.
func Aggregate(rooms ...[]domain.CommandType) domain.Aggregate {
	return domain.Aggregate{
		Category: domain.PostStreams,
		New:      func() domain.State { return new(Post) },
		Events: []domain.EventType{
			domain.TypeOf[WrittenPlain](),
			domain.TypeOf[Written](),
			domain.TypeOf[Edited](),
			domain.TypeOf[VisibilityChanged](),
			domain.TypeOf[Commented](),
			domain.TypeOf[CommentDeleted](),
			domain.TypeOf[Scheduled](),
			domain.TypeOf[Rescheduled](),
			domain.TypeOf[Unscheduled](),
			domain.TypeOf[Approved](),
			domain.TypeOf[Declinement](),
			domain.TypeOf[ApprovalReminded](),
			domain.TypeOf[TargetScheduled](),
			domain.TypeOf[TargetClaimed](),
			domain.TypeOf[TargetReleased](),
			domain.TypeOf[TargetPublished](),
			domain.TypeOf[TargetFailed](),
			domain.TypeOf[TargetUnknown](),
			domain.TypeOf[TargetUnresolved](),
			domain.TypeOf[TargetTroubled](),
			domain.TypeOf[TargetNeedsReauthentication](),
			domain.TypeOf[TargetHandedOver](),
			domain.TypeOf[TargetConfirmed](),
			domain.TypeOf[TargetMissed](),
			domain.TypeOf[TargetDeletionRequested](),
			domain.TypeOf[TargetDeleted](),
			domain.TypeOf[TargetDeletionFailed](),
			domain.TypeOf[Deletion](),
			domain.TypeOf[Passed](),
		},
		Commands: slices.Concat(rooms...),
	}
}
