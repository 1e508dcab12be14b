package dev

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"behalf/cmd/behalf/process"
	"behalf/cmd/behalf/story"
	"behalf/internal/config"
	"behalf/internal/mail/capture"
	"behalf/internal/networks/sandbox/network"
)

// How the two of the story sign in.
const (
	OliviaEmail = "olivia@example.com"
	carlEmail   = "carl@example.com"
)

// PlayOnce plays the story unless this data folder has seen it whole.
func (w *World) PlayOnce(ctx context.Context) error {
	switch {
	case w.Secrets.Played:
		_, err := fmt.Fprintln(w.env.Out, "The story has been played with this data already.")
		return err
	case w.Secrets.Begun: // its steps cannot be played twice
		_, err := fmt.Fprintf(w.env.Out, "The story broke off with this data. To see it, remove %s or choose another folder with --data.\n", w.Settings.Data)
		return err
	case w.Mails == nil:
		_, err := fmt.Fprintln(w.env.Out, "The story is not played: its mails would go to SMTP_URL.")
		return err
	}
	return w.Play(ctx)
}

// Play plays the story and keeps what it left.
func (w *World) Play(ctx context.Context) error {
	if w.Mails == nil {
		return errors.New("the story needs the capturing mail server: unset SMTP_URL")
	}
	w.Secrets.Begun = true
	if err := w.Secrets.save(w.Settings.Data); err != nil {
		return err
	}
	outcome, err := w.Stage().Play(ctx)
	if err != nil {
		return err
	}
	w.Secrets.Played, w.Secrets.Outcome = true, outcome
	return w.Secrets.save(w.Settings.Data)
}

// Stage is what the story is played on.
func (w *World) Stage() story.Stage {
	return story.Stage{
		API:     w.Addresses.API,
		Sandbox: w.Sandbox,
		Page:    network.DemoPage,
		Olivia: story.Person{
			Name: "Olivia", Email: OliviaEmail, Password: w.Secrets.Olivia,
			SandboxName: "olivia", SandboxPassword: w.Secrets.OliviaSandbox,
		},
		Carl: story.Person{
			Name: "Carl", Email: carlEmail, Password: w.Secrets.Carl,
			SandboxName: "carl", SandboxPassword: w.Secrets.CarlSandbox,
		},
		Mail:  w.AwaitMail,
		Mails: w.countMails,
		Audit: w.RunAudit,
		Out:   w.env.Out,

		Transport: w.Transport,
	}
}

// AwaitMail waits for a mail to somebody in which a phrase stands.
func (w *World) AwaitMail(ctx context.Context, to, phrase string) (story.Mail, error) {
	mail, err := w.Mails.Wait(ctx, func(m capture.Message) bool { return isMail(m, to, phrase) })
	return story.Mail{Subject: mail.Subject, Text: mail.Text}, err
}

func (w *World) countMails(to, phrase string) int {
	count := 0
	for _, mail := range w.Mails.Messages() {
		if isMail(mail, to, phrase) {
			count++
		}
	}
	return count
}

func isMail(m capture.Message, to, phrase string) bool {
	return slices.Contains(m.To, to) && strings.Contains(m.Text, phrase)
}

// RunAudit runs "behalf audit" with these arguments, as a person in a second
// terminal would.
func (w *World) RunAudit(ctx context.Context, args ...string) (string, error) {
	var out, problems strings.Builder
	lookup := func(name string) (string, bool) {
		switch config.Setting(name) {
		case config.DatabaseURL:
			return w.Settings.Secrets.DatabaseURL.Reveal(), true
		case config.MasterKey: // names are read with it
			return w.Settings.Secrets.MasterKey.Reveal(), true
		}
		return "", false
	}
	code := w.program(ctx, append([]string{"audit"}, args...), process.Environment{Lookup: lookup, Out: &out, Err: &problems})
	if code != 0 {
		return "", fmt.Errorf("exit %d: %s", code, problems.String())
	}
	return strings.TrimSuffix(out.String(), "\n"), nil
}

// Announce tells the tools where the private services are.
func (w *World) Announce() (func(), error) {
	services := process.Running{Environment: map[string]string{
		string(config.DatabaseURL): w.Settings.Secrets.DatabaseURL.Reveal(),
		string(config.RedisURL):    w.Settings.Secrets.RedisURL.Reveal(),
		string(config.PublicURL):   w.Addresses.API,
	}}
	if !w.given(config.MasterKey) { // the file's name: the key stays in one place
		services.Environment[config.MasterKey.File()] = keyFile(w.Settings.Data)
	}
	return services.Announce(w.Settings.Data)
}

// Greet says where everything is and how to sign in.
func (w *World) Greet() {
	lines := []string{
		"",
		"Behalf            " + w.Addresses.API + "  (documentation: " + w.Addresses.API + "/docs)",
		"Sandbox network   " + w.Addresses.Sandbox + "/pages/" + network.DemoPage,
	}
	if w.Mails != nil {
		lines = append(lines, "Captured mails    "+w.Addresses.Mail)
	}
	lines = append(lines, "Log               "+logFile(w.Settings.Data))
	if outcome := w.Secrets.Outcome; w.Secrets.Played {
		lines = append(lines,
			"Sign-ins          "+OliviaEmail+" "+w.Secrets.Olivia+" (Owner)",
			"                  "+carlEmail+" "+w.Secrets.Carl+" (Client)",
			"On the sandbox    olivia "+w.Secrets.OliviaSandbox+", carl "+w.Secrets.CarlSandbox,
			"API token         "+outcome.Token+" (Olivia's, reads)",
			"Workspace         "+outcome.Workspace,
			"History           bin/behalf audit log --data "+w.Settings.Data+" --workspace "+outcome.Workspace,
		)
	}
	_, _ = fmt.Fprintln(w.env.Out, strings.Join(append(lines, "", "Stop with Ctrl-C."), "\n"))
}
