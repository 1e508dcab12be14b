package archive

import (
	"archive/zip"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/template"
	"time"

	"behalf/domain"
	"behalf/domain/personal"
	"behalf/domain/workspace"
	"behalf/eventstore"
	"behalf/eventstore/seal/export"
	"behalf/projections/work"
)

//go:embed readme.txt
var readmeText string

var readme = template.Must(template.New("README.txt").Parse(readmeText))

// book is one archive on its way. Nothing of it is kept in memory but what is
// being written.
type book struct {
	*Archivist
	zip     *zip.Writer
	id      domain.WorkspaceID
	state   workspace.Workspace
	madeAt  time.Time
	private int // posts that are their authors' alone
}

// write writes the whole archive.
func (a *Archivist) write(ctx context.Context, to io.Writer, wanted work.WantedExport) error {
	stream := workspace.Stream(wanted.Workspace)
	loaded, err := a.Store.Load(ctx, eventstore.Scope{Workspace: wanted.Workspace}, stream)
	if err != nil {
		return err
	}
	b := &book{
		Archivist: a, zip: zip.NewWriter(to), id: wanted.Workspace, madeAt: a.Now().UTC().Truncate(time.Second),
		state: *domain.Fact[*workspace.Workspace](loaded.Facts, stream),
	}
	if b.state.Deleted {
		return fmt.Errorf("the workspace %s is deleted", b.id)
	}
	for _, part := range []func(context.Context) error{b.settings, b.members, b.invitations, b.accounts, b.posts, b.media, b.history, b.readme} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return b.zip.Close()
}

// begin opens the next file of the archive.
func (b *book) begin(name string, method uint16) (io.Writer, error) {
	return b.zip.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: b.madeAt})
}

// put writes a value as a file of JSON.
func (b *book) put(name string, value any) error {
	file, err := b.begin(name, zip.Deflate)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(file)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(value)
}

// media are stored as they are: pictures and films are packed already.
func (b *book) media(ctx context.Context) error {
	if b.Media == nil {
		return nil
	}
	return b.Media.Each(ctx, b.id, func(medium Medium) error {
		file, err := b.begin("media/"+medium.Name, zip.Store)
		if err != nil {
			return err
		}
		return medium.Write(ctx, file)
	})
}

// history is written and, at the same time, checked as its receiver would.
func (b *book) history(ctx context.Context) error {
	file, err := b.begin("history/history.jsonl", zip.Deflate)
	if err != nil {
		return err
	}
	reader, writer := io.Pipe()
	checked := make(chan error, 1)
	go func() {
		_, err := export.Check(reader, b.History.Known)
		_ = reader.CloseWithError(errors.Join(err, io.ErrClosedPipe)) // whoever still writes is told
		checked <- err
	}()
	_, err = b.History.Write(ctx, io.MultiWriter(file, writer), b.id)
	_ = writer.CloseWithError(err) // never fails; nil is the end of the file
	if verified := <-checked; err == nil {
		err = verified
	}
	return err
}

func (b *book) readme(context.Context) error {
	file, err := b.begin("README.txt", zip.Deflate)
	if err != nil {
		return err
	}
	return readme.Execute(file, map[string]any{
		"Name": b.state.Name, "ID": b.id, "MadeAt": b.madeAt.Format("2 January 2006, 15:04 UTC"),
		"Private": b.private, "Erased": personal.Erased,
	})
}
