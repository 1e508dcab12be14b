package post

import "behalf/domain"

// Aggregate describes post streams.
func Aggregate() domain.Aggregate {
	return domain.Aggregate{
		Category: domain.PostStreams,
		New:      func() domain.State { return new(Post) },
		Events: []domain.EventType{
			domain.TypeOf[Written](),
			domain.TypeOf[Scheduled](),
			domain.TypeOf[TargetScheduled](),
			domain.TypeOf[TargetClaimed](),
			domain.TypeOf[TargetReleased](),
			domain.TypeOf[TargetPublished](),
			domain.TypeOf[TargetFailed](),
			domain.TypeOf[TargetUnknown](),
			domain.TypeOf[TargetNeedsReauthentication](),
			domain.TypeOf[TargetMissed](),
			domain.TypeOf[Passed](),
		},
		Commands: []domain.CommandType{
			byMember[PublishPost]("PublishPost", "Write a post and publish it now.",
				domain.R13, domain.R17, domain.R27, domain.R32, domain.R36, domain.R40, domain.R50, domain.R51, domain.R57, domain.R60, domain.R63),
			byMember[SchedulePost]("SchedulePost", "Write a post and publish it at a moment.",
				domain.R13, domain.R17, domain.R27, domain.R32, domain.R36, domain.R40, domain.R50, domain.R51, domain.R57, domain.R60, domain.R63),
			byMember[PublishTargetNow]("PublishTargetNow", "Publish now what waited for a reauthentication, was missed or failed.",
				domain.R13, domain.R17, domain.R28, domain.R32, domain.R47, domain.R50, domain.R51, domain.R56, domain.R59, domain.R63),
			claimTarget(),
			bySystem[RecordPublished]("RecordPublished", "Note that the network shows the post.", domain.R59),
			bySystem[ReleaseTarget]("ReleaseTarget", "End an attempt that sent nothing; it is tried again.", domain.R45, domain.R59),
			bySystem[FailTarget]("FailTarget", "End an attempt that the network refused.", domain.R58),
			bySystem[RecordUnknown]("RecordUnknown", "End an attempt whose outcome cannot be found out.", domain.R59),
			bySystem[HoldTarget]("HoldTarget", "Let a target wait for its connection to be reauthenticated.", domain.R44, domain.R45),
			bySystem[ResumeTarget]("ResumeTarget", "Let a target go on whose connection was mended.", domain.R47),
			bySystem[MissTarget]("MissTarget", "End a target whose time has passed.", domain.R56),
			passToOwner(),
			stopTarget(),
		},
	}
}
