package workspace

import "behalf/domain"

// ChangeClientAccess sets the two flags of a Client (R14-R17). With
// manage_posts go the credential modes: withdrawing it removes them, and the
// Client's posts pass to the Owner (R19, R61).
type ChangeClientAccess struct {
	Whom
	Access         ClientAccess   `json:"access" doc:"Both flags unset means read-only (R15)."`
	CredentialMode CredentialMode `json:"credential_mode,omitempty" enum:"owner,member" doc:"Whose connection the posts go out through, on every account, where manage_posts is new (R19)."`

	Pending []domain.PostID `json:"-"` // the member's posts that are not published yet; looked up
}

// Decide refuses with R2 or R5 (not the Owner), R14 (not a Client) or R19 (a
// mode without manage_posts, or none where it is new). Flags that are set
// already change nothing.
func (c ChangeClientAccess) Decide(w Workspace, by domain.Actor) ([]domain.Event, error) {
	_, of, err := w.manage(by, c.Whom, domain.R14)
	if err != nil {
		return nil, err
	}
	switch {
	case of.Role != Client:
		return nil, domain.Clash(domain.R14, "flags_for_clients_only", "Only Clients have these two flags.")
	case of.Access == c.Access:
		return nil, nil
	}
	changed := ClientAccessChanged{Member: of.User, From: of.Access, To: c.Access}
	switch {
	case c.Access.ManagePosts && !of.Access.ManagePosts && len(of.Assignments) > 0:
		changed.Mode = c.CredentialMode
		err = checkMode(c.CredentialMode, "credential_mode", domain.R19)
	case c.CredentialMode != NoMode && !c.Access.ManagePosts:
		err = domain.Wrong(domain.R19, "credential_mode", "mode_without_manage_posts", "A credential mode goes only with manage_posts.")
	case !c.Access.ManagePosts && of.Access.ManagePosts:
		changed.Posts = c.Pending
	}
	if err != nil {
		return nil, err
	}
	return of.becomes(changed), nil
}
