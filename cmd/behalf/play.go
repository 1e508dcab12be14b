package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"behalf/cmd/behalf/story"
	"behalf/internal/config"
	"behalf/internal/mail/capture"
	"behalf/internal/networks/sandbox/network"
)

const (
	oliviaEmail = "olivia@example.com"
	carlEmail   = "carl@example.com"
)

// playOnce plays the story unless this data folder has seen it whole.
func (w *world) playOnce(ctx context.Context) error {
	switch {
	case w.secrets.Played:
		_, err := fmt.Fprintln(w.env.out, "The story has been played with this data already.")
		return err
	case w.secrets.Begun: // its steps cannot be played twice
		_, err := fmt.Fprintf(w.env.out, "The story broke off with this data. To see it, remove %s or choose another folder with --data.\n", w.settings.Data)
		return err
	case w.mails == nil:
		_, err := fmt.Fprintln(w.env.out, "The story is not played: its mails would go to SMTP_URL.")
		return err
	}
	return w.play(ctx)
}

// play plays the story and keeps what it left.
func (w *world) play(ctx context.Context) error {
	if w.mails == nil {
		return errors.New("the story needs the capturing mail server: unset SMTP_URL")
	}
	w.secrets.Begun = true
	if err := w.secrets.save(w.settings.Data); err != nil {
		return err
	}
	outcome, err := w.stage().Play(ctx)
	if err != nil {
		return err
	}
	w.secrets.Played, w.secrets.Outcome = true, outcome
	return w.secrets.save(w.settings.Data)
}

func (w *world) stage() story.Stage {
	return story.Stage{
		API:     w.addresses.api,
		Sandbox: w.sandbox,
		Page:    network.DemoPage,
		Olivia: story.Person{
			Name: "Olivia", Email: oliviaEmail, Password: w.secrets.Olivia,
			SandboxName: "olivia", SandboxPassword: w.secrets.OliviaSandbox,
		},
		Carl: story.Person{
			Name: "Carl", Email: carlEmail, Password: w.secrets.Carl,
			SandboxName: "carl", SandboxPassword: w.secrets.CarlSandbox,
		},
		Mail:  w.awaitMail,
		Mails: w.countMails,
		Audit: w.runAudit,
		Out:   w.env.out,

		Transport: w.transport,
	}
}

func (w *world) awaitMail(ctx context.Context, to, phrase string) (story.Mail, error) {
	mail, err := w.mails.Wait(ctx, func(m capture.Message) bool { return isMail(m, to, phrase) })
	return story.Mail{Subject: mail.Subject, Text: mail.Text}, err
}

func (w *world) countMails(to, phrase string) int {
	count := 0
	for _, mail := range w.mails.Messages() {
		if isMail(mail, to, phrase) {
			count++
		}
	}
	return count
}

func isMail(m capture.Message, to, phrase string) bool {
	return slices.Contains(m.To, to) && strings.Contains(m.Text, phrase)
}

// runAudit runs "behalf audit" with these arguments, as a person in a second
// terminal would.
func (w *world) runAudit(ctx context.Context, args ...string) (string, error) {
	var out, problems strings.Builder
	lookup := func(name string) (string, bool) {
		switch config.Setting(name) {
		case config.DatabaseURL:
			return w.settings.Secrets.DatabaseURL.Reveal(), true
		case config.MasterKey: // names are read with it
			return w.settings.Secrets.MasterKey.Reveal(), true
		}
		return "", false
	}
	code := run(ctx, append([]string{"audit"}, args...), environment{lookup: lookup, out: &out, err: &problems})
	if code != 0 {
		return "", fmt.Errorf("exit %d: %s", code, problems.String())
	}
	return strings.TrimSuffix(out.String(), "\n"), nil
}

// announce tells the tools where the private services are.
func (w *world) announce() (func(), error) {
	services := running{Environment: map[string]string{
		string(config.DatabaseURL): w.settings.Secrets.DatabaseURL.Reveal(),
		string(config.RedisURL):    w.settings.Secrets.RedisURL.Reveal(),
	}}
	if !w.given(config.MasterKey) { // the file's name: the key stays in one place
		services.Environment[config.MasterKey.File()] = keyFile(w.settings.Data)
	}
	return services.announce(w.settings.Data)
}

// greet says where everything is and how to sign in.
func (w *world) greet() {
	lines := []string{
		"",
		"Behalf            " + w.addresses.api + "  (documentation: " + w.addresses.api + "/docs)",
		"Sandbox network   " + w.addresses.sandbox + "/pages/" + network.DemoPage,
	}
	if w.mails != nil {
		lines = append(lines, "Captured mails    "+w.addresses.mail)
	}
	lines = append(lines, "Log               "+logFile(w.settings.Data))
	if outcome := w.secrets.Outcome; w.secrets.Played {
		lines = append(lines,
			"Sign-ins          "+oliviaEmail+" "+w.secrets.Olivia+" (Owner)",
			"                  "+carlEmail+" "+w.secrets.Carl+" (Client)",
			"On the sandbox    olivia "+w.secrets.OliviaSandbox+", carl "+w.secrets.CarlSandbox,
			"API token         "+outcome.Token+" (Olivia's)",
			"Workspace         "+outcome.Workspace,
			"History           bin/behalf audit log --data "+w.settings.Data+" --workspace "+outcome.Workspace,
		)
	}
	_, _ = fmt.Fprintln(w.env.out, strings.Join(append(lines, "", "Stop with Ctrl-C."), "\n"))
}
