// Package sitetest is what tests of whole processes stand on: a Behalf in which
// something is connected, and processes beside it that can be killed and frozen.
package sitetest

import (
	"context"
	"fmt"
	"maps"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"behalf/cmd/behalf/dev"
	"behalf/cmd/behalf/process"
	"behalf/cmd/behalf/story"
	"behalf/domain"
	"behalf/domain/user"
	"behalf/internal/masterkey"
	"behalf/internal/networks/sandbox/network"
)

// Site is a world without workers, in which Olivia has connected Acme News.
// Workers are processes of their own: they can be killed and frozen.
type Site struct {
	*dev.World
	Olivia    *story.Visitor
	Workspace string
	Account   string
	Database  *pgxpool.Pool // as its superuser
	Logs      *Buffer
	Variables map[string]string
}

// Open opens a site without workers, for a test's time.
func Open(t *testing.T) (context.Context, *Site) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), TestTime)
	t.Cleanup(cancel)
	return ctx, OpenWith(ctx, t, nil, dev.Options{WithoutWorkers: true})
}

// OpenWith opens a site with further variables.
func OpenWith(ctx context.Context, t *testing.T, more map[string]string, options dev.Options) *Site {
	t.Helper()
	variables := Variables(t)
	maps.Copy(variables, more)
	return OpenOn(ctx, t, variables, options)
}

// OpenOn opens a site on the services that the variables name.
func OpenOn(ctx context.Context, t *testing.T, variables map[string]string, options dev.Options) *Site {
	t.Helper()
	s := &Site{Logs: &Buffer{}, Variables: variables}
	var err error
	s.Database, err = pgxpool.New(ctx, s.Variables["DATABASE_URL"])
	require.NoError(t, err)
	t.Cleanup(s.Database.Close)
	s.World = OpenWorld(ctx, t, s.Variables, s.Logs, options)
	s.settle(ctx, t)
	return s
}

// unsent is the mail that verifies an address, while no worker runs that could
// send it.
func (s *Site) unsent(ctx context.Context, _, _ string) (story.Mail, error) {
	var stream string
	err := s.Database.QueryRow(ctx, "select stream from log.events where type = 'user.registered.v1' order by position desc limit 1").Scan(&stream)
	if err != nil {
		return story.Mail{}, err
	}
	person, err := domain.ParseStream(stream)
	if err != nil {
		return story.Mail{}, err
	}
	key, err := s.MasterKey()
	if err != nil {
		return story.Mail{}, err
	}
	link := user.User{Verification: 1}.LinkFor(person.ID, user.ToVerify, time.Now())
	return story.Mail{Text: "/v1/links/" + user.NewLinkToken(masterkey.Derive(key, process.InvitationLinks), link).Reveal()}, nil
}

// settle has Olivia register, create a workspace and connect the page.
func (s *Site) settle(ctx context.Context, t *testing.T) {
	t.Helper()
	stage := s.Stage()
	s.Olivia = story.NewVisitor(stage.API, nil)
	_, err := s.Olivia.SignUp(ctx, stage.Olivia, s.unsent)
	require.NoError(t, err)
	var created struct {
		Workspace string `json:"workspace"`
	}
	require.NoError(t, s.Olivia.Post(ctx, "/v1/workspaces", map[string]string{"name": "Acme"}, &created))
	s.Workspace = created.Workspace
	done, err := s.Olivia.Connect(ctx, s.Workspace, network.DemoPage, stage.Olivia)
	require.NoError(t, err)
	var added struct {
		Account string `json:"account"`
	}
	require.NoError(t, done.Event("workspace.account_added.v1", &added))
	s.Account = added.Account
}

// Publish has Olivia issue a command that publishes; it answers the post's path.
func (s *Site) Publish(ctx context.Context, t *testing.T, command string, body map[string]any) string {
	t.Helper()
	body["targets"] = []map[string]string{{"account": s.Account}}
	done, err := s.Olivia.Command(ctx, s.Workspace, command, "", body)
	require.NoError(t, err)
	post, err := done.PostID()
	require.NoError(t, err)
	return fmt.Sprintf("/v1/workspaces/%s/posts/%s?position=%d", s.Workspace, post, done.Position)
}

// Await waits until the post's target is in a state. It asks less often than
// the API's limit of an account fills up again: a claim takes most of a minute to expire.
func (s *Site) Await(ctx context.Context, t *testing.T, post, state string) {
	t.Helper()
	var seen struct {
		Targets []struct {
			State string `json:"state"`
		} `json:"targets"`
	}
	became := Until(ctx, 100*time.Millisecond, func() bool {
		require.NoError(t, s.Olivia.Get(ctx, post, &seen))
		return len(seen.Targets) == 1 && seen.Targets[0].State == state
	})
	if !became {
		t.Fatalf("the target did not become %s: %+v\n%s", state, seen.Targets, s.Logs)
	}
}

// Count is the number that a query answers.
func (s *Site) Count(ctx context.Context, t *testing.T, query string, parameters ...any) (counted int) {
	t.Helper()
	require.NoError(t, s.Database.QueryRow(ctx, query, parameters...).Scan(&counted))
	return counted
}
