// Package story plays the main job of Behalf through its public HTTP API, as
// the people in it would: Olivia shares a page with her client Carl, first
// with her credentials, then with his own. Every step prints what came back
// and fails when it does not show what it must.
package story

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"behalf/internal/networks/sandbox/network/control"
)

// Stage is where the story plays: a running Behalf, the sandbox network, the
// mailbox that captures every mail, and the audit command.
type Stage struct {
	API     string          // base URL of Behalf
	Sandbox *control.Client // steers the sandbox network
	Page    string          // slug of the page "Acme News", administered by Olivia alone

	Olivia, Carl Person

	// Mail waits for the mail to an address whose text contains a phrase.
	Mail func(ctx context.Context, to, phrase string) (Mail, error)
	// Mails counts the mails to an address whose text contains a phrase.
	Mails func(to, phrase string) int
	// Audit runs "behalf audit" with these arguments and returns what it prints.
	Audit func(ctx context.Context, args ...string) (string, error)

	// Transport carries the visitors' requests; nil for the usual one.
	Transport http.RoundTripper

	Out io.Writer
}

// Person is somebody in the story.
type Person struct {
	Name, Email, Password string
	SandboxName           string // who they are on the sandbox network
	SandboxPassword       string
}

// Mail is a captured mail.
type Mail struct{ Subject, Text string }

// Outcome is what remains of the story for whoever looks around afterwards.
type Outcome struct {
	Workspace string `json:"workspace"`
	Account   string `json:"account"`
	Token     string `json:"token"` // Olivia's API token
}

// step is one numbered step of the story.
type step struct {
	title string
	play  func(*play, context.Context) error
}

var steps = []step{
	{"Olivia registers, creates the workspace Acme and connects the pages Acme News and Acme Jobs", (*play).connectPages},
	{"Olivia invites Carl as a Client, to publish with the Owner's credentials", (*play).inviteCarl},
	{"Carl follows the link in his mail, registers and accepts", (*play).acceptInvitation},
	{"Carl publishes: the post goes out through Olivia's connection", (*play).publishAsOwner},
	{"Olivia changes Carl's mode on Acme Jobs to his own credentials: nothing is sent, and Carl alone is asked", (*play).changeMode},
	{"Carl is refused while he is no admin of that page; then he connects, and his post goes out through his own connection", (*play).publishAsMember},
	{"The audit tells the whole history, and the membership before and after step 5", (*play).audit},
}

// stepTime bounds one step.
const stepTime = time.Minute

// Play plays all steps in order and stops at the first that fails.
func (s Stage) Play(ctx context.Context) (Outcome, error) {
	p := &play{Stage: s, olivia: NewVisitor(s.API, s.Transport), carl: NewVisitor(s.API, s.Transport)}
	for i, step := range steps {
		fmt.Fprintf(s.Out, "\n%d. %s\n", i+1, step.title)
		ctx, cancel := context.WithTimeout(ctx, stepTime)
		err := step.play(p, ctx)
		cancel()
		if err != nil {
			return p.outcome, fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	fmt.Fprintf(s.Out, "\nThe story has played: every step showed what it must.\n")
	return p.outcome, nil
}

// play is the story while it is played.
type play struct {
	Stage
	olivia, carl *Visitor
	carlID       string
	oliviaID     string
	beforeChange int64 // position in the log just before step 5
	afterChange  int64
	waits        string // the post of step 5
	jobs         string // the account Acme Jobs: a minute lies between two posts to one account (R57), and nobody waits that long for a story
	outcome      Outcome
}

// jobsPage is the slug of "Acme Jobs", which the story adds to the sandbox.
const jobsPage = "acme-jobs"

// say prints one line of what came back.
func (p *play) say(format string, values ...any) {
	text := fmt.Sprintf(format, values...)
	fmt.Fprintf(p.Out, "   %s\n", strings.ReplaceAll(text, "\n", "\n   "))
}

// must is an error unless what was seen is what must be seen.
func must[T comparable](what string, seen, wanted T) error {
	if seen != wanted {
		return fmt.Errorf("%s is %v, must be %v", what, seen, wanted)
	}
	return nil
}
