package story

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"behalf/api/client"
	"behalf/internal/networks/sandbox/network/browser"
)

// Authorize plays the browser's part of an authorization: the person signs in
// at the network and allows, and the network's redirect leads back to Behalf,
// with the session that began it.
func (v *Visitor) Authorize(ctx context.Context, workspace string, who Person) (client.ConnectFinished, error) {
	return v.authorizeAt(ctx, workspace, "sandbox", who)
}

// authorizeAt does the same at one of the names that the network has.
func (v *Visitor) authorizeAt(ctx context.Context, workspace, network string, who Person) (client.ConnectFinished, error) {
	started, err := v.BeginAuthorization(ctx, workspace, client.NewAuthorization{Network: network})
	if err != nil {
		return client.ConnectFinished{}, fmt.Errorf("start authorization: %w", err)
	}
	person := browser.Person{Name: who.SandboxName, Password: who.SandboxPassword}
	back, err := person.Allow(ctx, started.AuthorizeURL)
	if err != nil {
		return client.ConnectFinished{}, fmt.Errorf("allow on the network: %w", err)
	}
	if !strings.HasPrefix(back.String(), v.Base+"/") {
		return client.ConnectFinished{}, errors.New("the network sent the browser somewhere else than back to Behalf")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, back.String(), nil)
	if err != nil {
		return client.ConnectFinished{}, errors.New("the redirect's address is malformed")
	}
	request.Header.Set("Accept", "application/json")
	var done client.ConnectFinished
	response, err := v.HTTP.Do(request)
	if err != nil {
		return client.ConnectFinished{}, errors.New("the way back to Behalf is broken")
	}
	defer func() { _ = response.Body.Close() }()
	if err := client.Decode(response, &done); err != nil {
		return client.ConnectFinished{}, fmt.Errorf("return to Behalf: %w", err)
	}
	return done, nil
}

// Connect authorizes at the sandbox network and connects a page to the workspace.
func (v *Visitor) Connect(ctx context.Context, workspace, page string, who Person) (Answer, error) {
	return v.ConnectTo(ctx, workspace, "sandbox", page, who)
}

// ConnectTo does the same for one of the names that the network has.
func (v *Visitor) ConnectTo(ctx context.Context, workspace, network, page string, who Person) (Answer, error) {
	grant, err := v.authorizeAt(ctx, workspace, network, who)
	if err != nil {
		return Answer{}, fmt.Errorf("authorize: %w", err)
	}
	done, err := v.ConnectAccount(ctx, workspace, client.AccountConnectAccount{
		Authorization: grant.Authorization, Remote: page,
	}, client.CommandIn{})
	return Answer{done}, err
}
