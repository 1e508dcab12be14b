package membership

import (
	"behalf/domain"
	"behalf/domain/workspace"
)

// ChangeRole makes a member, or somebody who is invited, something else (R4).
// What does not go with the new role is dropped: posting levels, approvals,
// flags. Scheduled posts stay as they are (R10).
type ChangeRole struct {
	workspace.Whom
	Role           workspace.Role           `json:"role" enum:"admin,editor,client" doc:"The new role."`
	Access         workspace.ClientAccess   `json:"access,omitempty" doc:"A Client's two flags; of an Admin add_accounts alone (R7)."`
	CredentialMode workspace.CredentialMode `json:"credential_mode,omitempty" enum:"owner,member" doc:"Whose connection the posts go out through on accounts where there is no mode yet (R33)."`

	Waiting []domain.PostID `json:"-"` // the member's posts that wait for approval; looked up
	Pending []domain.PostID `json:"-"` // the member's posts that are not published yet; looked up
}

// Decide refuses with R4 (not the Owner, or no such role), R11 (the Owner's own
// role), R7 or R14 (flags that do not go with the role), R19 (a mode for a Client
// without manage_posts), R9 (posts wait for approval) or R33 (a mode is needed).
// The role that it is already changes nothing.
func (c ChangeRole) Decide(w workspace.Workspace, by domain.Actor) ([]domain.Event, error) {
	of, err := w.ManageOwned(by, c.Whom, domain.R4)
	if err != nil {
		return nil, err
	}
	if c.Role != workspace.Admin && c.Role != workspace.Editor && c.Role != workspace.Client {
		return nil, domain.Wrong(domain.R4, "role", "unknown_role", "A role is admin, editor or client. The ownership moves by an offer (R11).")
	}
	switch {
	case of.Role == workspace.Owner:
		return nil, domain.Clash(domain.R11, "ownership_is_offered", "The Owner stays the Owner until another member accepts the ownership.")
	case of.Role == c.Role:
		return nil, nil
	case c.Role == workspace.Client && !c.Access.ManagePosts && c.CredentialMode != workspace.NoMode:
		return nil, domain.Wrong(domain.R19, "credential_mode", "mode_without_manage_posts", "A credential mode goes only with manage_posts.")
	case len(c.Waiting) > 0:
		return nil, domain.Clash(domain.R9, "posts_wait_for_approval", "Posts of this member wait for approval. Have them approved or declined first.")
	}
	if err := c.checkAccess(); err != nil {
		return nil, err
	}
	changed := workspace.RoleChanged{Member: of.User, From: of.Role, To: c.Role, Access: c.Access}
	to := workspace.Member{Role: c.Role, Access: c.Access}
	if changed.Assignments, err = c.assignments(of, to); err != nil {
		return nil, err
	}
	if to.MayWrite() != nil {
		changed.Posts = c.Pending
	}
	return of.Becomes(changed), nil
}

func (c ChangeRole) checkAccess() error {
	switch {
	case c.Role == workspace.Editor && c.Access != workspace.ClientAccess{}:
		return domain.Wrong(domain.R14, "access", "flags_for_clients_only", "An Editor has no flags.")
	case c.Role == workspace.Admin && c.Access.ManagePosts:
		return domain.Wrong(domain.R14, "access.manage_posts", "flags_for_clients_only", "An Admin manages posts anyway.")
	default:
		return nil
	}
}

// assignments are the member's, as they go with the new role.
func (c ChangeRole) assignments(of workspace.Subject, to workspace.Member) ([]workspace.Assignment, error) {
	assignments := of.Assigned()
	for i, a := range assignments {
		a = workspace.Assignment{Account: a.Account, CredentialMode: a.CredentialMode}
		switch {
		case to.MayWrite() != nil:
			a.CredentialMode = workspace.NoMode
		case a.CredentialMode == workspace.NoMode:
			if err := workspace.CheckMode(c.CredentialMode, "credential_mode", domain.R33); err != nil {
				return nil, err
			}
			a.CredentialMode = c.CredentialMode
		}
		assignments[i] = a
	}
	return assignments, nil
}
