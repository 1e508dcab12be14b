// Package operate is what operators type: how a running Behalf is, its queues,
// the targets to look at, and the quarantine after a restore (R69). All of it
// goes over the API, from anywhere, with an operator's token.
package operate

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/jedib0t/go-pretty/v6/table"

	"behalf/api/client"
	"behalf/cmd/behalf/process"
	"behalf/internal/config"
)

// Console is where an operator sits.
type Console struct {
	Lookup config.Lookup
	In     io.Reader // nil: nobody can be asked
	Out    io.Writer
}

// asking is what every subcommand takes.
type asking struct {
	Server string `placeholder:"URL" help:"The Behalf that is asked. Default: the public URL, or else that of the \"behalf dev\" which runs on the data folder."`
}

// client is a client of the Behalf that is asked, whose address is in Server then.
func (a *asking) client(settings *config.Config, console Console) (*client.Client, error) {
	if settings.PublicURL == "" {
		settings.PublicURL, _ = process.OrRunning(settings.Data, console.Lookup)(string(config.PublicURL))
	}
	if err := settings.Resolve(console.Lookup, config.APIToken); err != nil {
		return nil, err
	}
	if a.Server == "" {
		a.Server = settings.PublicURL
	}
	if at, err := url.Parse(a.Server); err != nil || at.Host == "" || at.Scheme != "http" && at.Scheme != "https" {
		return nil, fmt.Errorf("%w, not %q", errNoAddress, a.Server)
	}
	behalf := client.New(a.Server, nil)
	behalf.Token = settings.Secrets.APIToken.Reveal()
	return behalf, nil
}

var errNoAddress = errors.New("--server takes an address like https://behalf.example.com")

// refused says in one line what a person can mend.
func (a *asking) refused(err error) error {
	var refused *client.Problem
	var unreached *url.Error // names the address once more
	switch {
	case errors.As(err, &refused) && refused.Code != "":
		return fmt.Errorf("%s refuses: %s (%s)", a.Server, cmp.Or(refused.Detail, refused.Title), refused.Code)
	case errors.As(err, &refused):
		return fmt.Errorf("%s answers %d, and not as Behalf does: is it one?", a.Server, refused.Status)
	case errors.As(err, &unreached):
		err = unreached.Err
	}
	return fmt.Errorf("ask %s: %w", a.Server, err)
}

// sure is what changes something takes.
type sure struct {
	Yes bool `help:"Do it without asking."`
}

var errNotConfirmed = errors.New("not confirmed: nothing was done (--yes does it without asking)")

// confirm has a person type a name, unless they have said that they are sure.
func (s sure) confirm(console Console, what, name string) error {
	if s.Yes {
		return nil
	}
	if console.In == nil {
		return errNotConfirmed
	}
	fmt.Fprintf(console.Out, "%s Type %s to go on: ", what, name)
	typed, err := bufio.NewReader(console.In).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("read the confirmation: %w", err)
	}
	if strings.TrimSpace(typed) != name {
		fmt.Fprintln(console.Out)
		return errNotConfirmed
	}
	return nil
}

func tableOf(head table.Row) table.Writer {
	lines := table.NewWriter()
	lines.SetStyle(table.StyleLight)
	lines.AppendHeader(head)
	return lines
}

// show prints a table, or words in its place when nothing is in it.
func show(out io.Writer, lines table.Writer, none string) {
	if lines.Length() == 0 {
		fmt.Fprintln(out, none)
		return
	}
	fmt.Fprintln(out, lines.Render())
}

// moment is a time as people read it; empty for none.
func moment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.RFC3339)
}

// wait pauses unless ctx ends first.
func wait(ctx context.Context, length time.Duration) error {
	timer := time.NewTimer(length)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
