package story

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"behalf/internal/networks/sandbox/network/browser"
)

// Authorized is what Behalf's callback answers when the network sent the person back.
type Authorized struct {
	Authorization string `json:"authorization"`
	Accounts      []struct {
		Remote string `json:"remote"`
		Name   string `json:"name"`
	} `json:"accounts"`
}

// Authorize plays the browser's part of an authorization: the person signs in
// at the network and allows, and the network's redirect leads back to Behalf,
// with the session that began it.
func (v *Visitor) Authorize(ctx context.Context, workspace string, who Person) (Authorized, error) {
	var started struct {
		URL string `json:"authorize_url"`
	}
	err := v.Post(ctx, "/v1/workspaces/"+workspace+"/authorizations", map[string]string{"network": "sandbox"}, &started)
	if err != nil {
		return Authorized{}, fmt.Errorf("start authorization: %w", err)
	}
	person := browser.Person{Name: who.SandboxName, Password: who.SandboxPassword}
	back, err := person.Allow(ctx, started.URL)
	if err != nil {
		return Authorized{}, fmt.Errorf("allow on the network: %w", err)
	}
	if !strings.HasPrefix(back.String(), v.api+"/") {
		return Authorized{}, errors.New("the network sent the browser somewhere else than back to Behalf")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, back.String(), nil)
	if err != nil {
		return Authorized{}, errors.New("the redirect's address is malformed")
	}
	request.Header.Set("Accept", "application/json")
	var done Authorized
	if err := v.do(request, &done); err != nil {
		return Authorized{}, fmt.Errorf("return to Behalf: %w", err)
	}
	return done, nil
}

// Connect authorizes at the network and connects a page to the workspace.
func (v *Visitor) Connect(ctx context.Context, workspace, page string, who Person) (Answer, error) {
	grant, err := v.Authorize(ctx, workspace, who)
	if err != nil {
		return Answer{}, fmt.Errorf("authorize: %w", err)
	}
	return v.Command(ctx, workspace, "ConnectAccount", "", map[string]string{
		"authorization": grant.Authorization, "remote": page,
	})
}
