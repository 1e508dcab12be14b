package workspace

import "behalf/domain"

// ChangeRole makes a member, or somebody who is invited, something else (R4).
// What does not go with the new role is dropped: posting levels, approvals,
// flags. Scheduled posts stay as they are (R10).
type ChangeRole struct {
	Whom
	Role           Role           `json:"role" enum:"admin,editor,client" doc:"The new role."`
	Access         ClientAccess   `json:"access,omitempty" doc:"A Client's two flags; of an Admin add_accounts alone (R7)."`
	CredentialMode CredentialMode `json:"credential_mode,omitempty" enum:"owner,member" doc:"Whose connection the posts go out through on accounts where there is no mode yet (R33)."`

	Waiting []domain.PostID `json:"-"` // the member's posts that wait for approval; looked up
	Pending []domain.PostID `json:"-"` // the member's posts that are not published yet; looked up
}

// Decide refuses with R4 (not the Owner, or no such role), R11 (the Owner's own
// role), R7 or R14 (flags that do not go with the role), R9 (posts wait for
// approval) or R33 (a mode is needed). The role that it is already changes nothing.
func (c ChangeRole) Decide(w Workspace, by domain.Actor) ([]domain.Event, error) {
	of, err := w.manageOwned(by, c.Whom, domain.R4)
	if err != nil {
		return nil, err
	}
	if c.Role != Admin && c.Role != Editor && c.Role != Client {
		return nil, domain.Wrong(domain.R4, "role", "unknown_role", "A role is admin, editor or client. The ownership moves by an offer (R11).")
	}
	switch {
	case of.Role == Owner:
		return nil, domain.Clash(domain.R11, "ownership_is_offered", "The Owner stays the Owner until another member accepts the ownership.")
	case of.Role == c.Role:
		return nil, nil
	case len(c.Waiting) > 0:
		return nil, domain.Clash(domain.R9, "posts_wait_for_approval", "Posts of this member wait for approval. Have them approved or declined first.")
	}
	if err := c.checkAccess(); err != nil {
		return nil, err
	}
	changed := RoleChanged{Member: of.User, From: of.Role, To: c.Role, Access: c.Access}
	to := Member{Role: c.Role, Access: c.Access}
	if changed.Assignments, err = c.assignments(of, to); err != nil {
		return nil, err
	}
	if to.MayWrite() != nil {
		changed.Posts = c.Pending
	}
	return of.becomes(changed), nil
}

func (c ChangeRole) checkAccess() error {
	switch {
	case c.Role == Editor && c.Access != ClientAccess{}:
		return domain.Wrong(domain.R14, "access", "flags_for_clients_only", "An Editor has no flags.")
	case c.Role == Admin && c.Access.ManagePosts:
		return domain.Wrong(domain.R14, "access.manage_posts", "flags_for_clients_only", "An Admin manages posts anyway.")
	default:
		return nil
	}
}

// assignments are the member's, as they go with the new role.
func (c ChangeRole) assignments(of subject, to Member) ([]Assignment, error) {
	assignments := of.assigned()
	for i, a := range assignments {
		a = Assignment{Account: a.Account, CredentialMode: a.CredentialMode}
		switch {
		case to.MayWrite() != nil:
			a.CredentialMode = NoMode
		case a.CredentialMode == NoMode:
			if err := checkMode(c.CredentialMode, "credential_mode", domain.R33); err != nil {
				return nil, err
			}
			a.CredentialMode = c.CredentialMode
		}
		assignments[i] = a
	}
	return assignments, nil
}
