// Package pausing stops and resumes the sending of a workspace's posts (R68).
package pausing

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// Commands lists the commands that stop and resume sending.
func Commands() []domain.CommandType {
	return []domain.CommandType{
		workspace.ByMember[PausePublishing]("PausePublishing", "Stop all sending, in the workspace or to one account.", domain.R68),
		workspace.ByMember[ResumePublishing]("ResumePublishing", "Let sending go on, in the workspace or to one account.", domain.R68),
	}
}
