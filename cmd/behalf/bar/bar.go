// Package bar shows how far long work is.
package bar

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/jedib0t/go-pretty/v6/progress"
)

// barEvery is how often a bar is drawn, lineEvery how often a line is printed
// where there is no terminal.
const (
	barEvery  = 100 * time.Millisecond
	lineEvery = 2 * time.Second
)

// Bar shows how far long work is: a progress bar on a terminal, plain lines elsewhere.
type Bar struct {
	out     io.Writer
	what    string
	stage   string
	printed time.Time
	owed    string          // the newest line that was not printed
	writer  progress.Writer // nil without a terminal
	tracker *progress.Tracker
	drawn   chan struct{}
}

// New is the bar of some work; nothing is drawn yet.
func New(out io.Writer, what string) *Bar {
	b := &Bar{out: out, what: what}
	if !onTerminal(out) {
		return b
	}
	b.writer = progress.NewWriter()
	b.writer.SetOutputWriter(out)
	b.writer.SetUpdateFrequency(barEvery)
	b.writer.SetAutoStop(false)
	b.writer.SetStyle(progress.StyleBlocks)
	b.drawn = make(chan struct{})
	go func() {
		defer close(b.drawn)
		b.writer.Render()
	}()
	return b
}

// Show tells that done of total is done of a stage.
func (b *Bar) Show(stage string, done, total int64) {
	begins := stage != b.stage
	if b.writer == nil {
		if begins {
			b.settle()
		}
		b.stage, b.owed = stage, fmt.Sprintf("%s: %s, %d of %d\n", b.what, stage, done, total)
		if begins || time.Since(b.printed) >= lineEvery {
			b.settle()
		}
		return
	}
	b.stage = stage
	if begins {
		b.finish()
		b.tracker = &progress.Tracker{Message: b.what + ": " + stage, Total: max(total, 1)}
		b.writer.AppendTracker(b.tracker)
	}
	b.tracker.UpdateTotal(max(total, 1))
	b.tracker.SetValue(done)
}

// settle prints the line that is owed: a stage that ends shows how far it came.
func (b *Bar) settle() {
	if b.owed != "" {
		fmt.Fprint(b.out, b.owed)
		b.printed, b.owed = time.Now(), ""
	}
}

func (b *Bar) finish() {
	if b.tracker != nil {
		b.tracker.MarkAsDone()
	}
}

// Stop leaves the last state on the terminal.
func (b *Bar) Stop() {
	if b.writer == nil {
		b.settle()
		return
	}
	b.finish()
	time.Sleep(barEvery) // it draws what is done once more
	b.writer.Stop()
	<-b.drawn
}

// onTerminal reports whether somebody is looking.
func onTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok || os.Getenv("TERM") == "" || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
