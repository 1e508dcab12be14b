package story

import (
	"context"
	"errors"
	"fmt"
	"regexp"

	"behalf/api/client"
	"behalf/internal/networks/sandbox/network/control"
)

// SignUp registers a person, signs them in, and answers their id. They follow
// the link that is mailed to their address.
func (v *Visitor) SignUp(ctx context.Context, who Person, mailbox func(ctx context.Context, to, phrase string) (Mail, error)) (string, error) {
	err := v.Register(ctx, client.Registration{Email: who.Email, Name: who.Name, Password: who.Password})
	if err != nil {
		return "", fmt.Errorf("register %s: %w", who.Name, err)
	}
	mail, err := mailbox(ctx, who.Email, "/v1/links/")
	if err != nil {
		return "", fmt.Errorf("wait for the mail that verifies %s: %w", who.Email, err)
	}
	link := verifyToken.FindStringSubmatch(mail.Text)
	if link == nil {
		return "", errors.New("the mail has no link")
	}
	_, err = v.VerifyAddress(ctx, client.Verification{Token: link[1], Password: who.Password})
	if err != nil {
		return "", fmt.Errorf("verify %s: %w", who.Email, err)
	}
	return v.whoAmI(ctx)
}

// SignUpInvited registers an invited person, whose link shows that the address
// is theirs, signs them in, and answers their id.
func (v *Visitor) SignUpInvited(ctx context.Context, who Person, invitation string) (string, error) {
	err := v.Register(ctx, client.Registration{Email: who.Email, Name: who.Name, Password: who.Password, Invitation: invitation})
	if err != nil {
		return "", fmt.Errorf("register %s: %w", who.Name, err)
	}
	_, err = v.SignIn(ctx, client.SignIn{Email: who.Email, Password: who.Password})
	if err != nil {
		return "", fmt.Errorf("sign in %s: %w", who.Name, err)
	}
	return v.whoAmI(ctx)
}

func (v *Visitor) whoAmI(ctx context.Context) (string, error) {
	me, err := v.Me(ctx)
	if err != nil {
		return "", fmt.Errorf("read own profile: %w", err)
	}
	return me.User, nil
}

// connectPages is step 1.
func (p *play) connectPages(ctx context.Context) error {
	var err error
	if p.oliviaID, err = p.olivia.SignUp(ctx, p.Olivia, p.Mail); err != nil {
		return err
	}
	p.say("%s is %s and signed in", p.Olivia.Email, p.oliviaID)
	created, err := p.olivia.CreateWorkspace(ctx, client.WorkspaceCreateWorkspace{Name: "Acme"},
		client.CreateWorkspaceIn{IdempotencyKey: "story-1-workspace"})
	if err != nil {
		return fmt.Errorf("create workspace: %w", err)
	}
	p.outcome.Workspace = created.Workspace
	p.say("workspace Acme is %s", created.Workspace)

	if err := p.Sandbox.AddPage(ctx, control.Page{Slug: jobsPage, Name: "Acme Jobs", Admins: []string{p.Olivia.SandboxName}}); err != nil {
		return fmt.Errorf("add a page to the sandbox: %w", err)
	}
	if p.outcome.Account, err = p.add(ctx, p.Page); err != nil {
		return err
	}
	p.say("Acme News is connected by OAuth2 with PKCE: %s", p.outcome.Account)
	if p.jobs, err = p.add(ctx, jobsPage); err != nil {
		return err
	}
	p.say("Acme Jobs too: %s", p.jobs)
	return nil
}

// add has Olivia connect a page, and answers the account that it became.
func (p *play) add(ctx context.Context, page string) (string, error) {
	done, err := p.olivia.Connect(ctx, p.outcome.Workspace, page, p.Olivia)
	if err != nil {
		return "", err
	}
	var added struct {
		Account string `json:"account"`
	}
	return added.Account, nonEmpty("account", done.Event("workspace.account_added.v1", &added), &added.Account)
}

// inviteCarl is step 2.
func (p *play) inviteCarl(ctx context.Context) error {
	answer, err := p.olivia.InviteClient(ctx, p.outcome.Workspace, client.WorkspaceInviteClient{
		Email:  p.Carl.Email,
		Access: client.WorkspaceClientAccess{AddAccounts: true, ManagePosts: true},
		Assignments: []client.WorkspaceAssignment{
			{Account: p.outcome.Account, CredentialMode: "owner"}, {Account: p.jobs, CredentialMode: "owner"},
		},
	}, once("story-2-invite"))
	if err != nil {
		return fmt.Errorf("invite: %w", err)
	}
	done := Answer{answer}
	var invited struct {
		Invitation string `json:"invitation"`
	}
	if err := nonEmpty("invitation", done.Event("workspace.client_invited.v1", &invited), &invited.Invitation); err != nil {
		return err
	}
	p.say("%s invited: both flags, both pages with credential_mode owner, at position %d", p.Carl.Email, done.Position)
	return nil
}

var (
	linkToken   = regexp.MustCompile(`/v1/invitations/([A-Za-z0-9_-]+)`)
	verifyToken = regexp.MustCompile(`/v1/links/([A-Za-z0-9_-]+)`)
)

// acceptInvitation is step 3.
func (p *play) acceptInvitation(ctx context.Context) error {
	mail, err := p.Mail(ctx, p.Carl.Email, "/v1/invitations/")
	if err != nil {
		return fmt.Errorf("wait for the invitation's mail: %w", err)
	}
	p.say("mail to %s: %q", p.Carl.Email, mail.Subject)
	link := linkToken.FindStringSubmatch(mail.Text)
	if link == nil {
		return errors.New("the mail has no link")
	}
	landing, err := p.carl.Invitation(ctx, link[1])
	if err != nil {
		return fmt.Errorf("open link: %w", err)
	}
	p.say("the link offers: %s in %s", landing.Role, landing.Name)
	if p.carlID, err = p.carl.SignUpInvited(ctx, p.Carl, link[1]); err != nil {
		return err
	}
	p.say("%s is %s and signed in", p.Carl.Email, p.carlID)
	done, err := p.carl.AcceptInvitation(ctx, p.outcome.Workspace, client.WorkspaceAcceptInvitation{Token: link[1]}, once("story-3-accept"))
	if err != nil {
		return fmt.Errorf("accept: %w", err)
	}
	own, err := p.ownMembership(ctx, done.Position)
	if err != nil {
		return err
	}
	p.say("Carl sees himself: role %s, %s", own.Role, own.Assignments)
	return errors.Join(
		must("Carl's role", own.Role, "client"),
		must("Carl's accounts", len(own.Assignments), 2),
		own.mode(p.outcome.Account, "owner", p.oliviaID),
		own.mode(p.jobs, "owner", p.oliviaID),
	)
}

// nonEmpty passes an error on, and makes one when the value is missing.
func nonEmpty(what string, err error, value *string) error {
	if err == nil && *value == "" {
		return fmt.Errorf("the answer names no %s", what)
	}
	return err
}
