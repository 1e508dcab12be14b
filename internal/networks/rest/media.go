package rest

import (
	"context"
	"errors"
	"io"

	"behalf/internal/networks"
)

// Read opens a medium and reads it whole.
func Read(ctx context.Context, m networks.Media) ([]byte, error) {
	file, err := Open(ctx, m)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	content, err := io.ReadAll(io.LimitReader(file, m.Size+1))
	if err != nil {
		return nil, Unopened(err)
	}
	if int64(len(content)) != m.Size {
		return nil, Unopened(errors.New("a medium is not as long as it was said to be"))
	}
	return content, nil
}

// Open opens a medium; close it.
func Open(ctx context.Context, m networks.Media) (io.ReadCloser, error) {
	if m.Open == nil {
		return nil, Unopened(errors.New("a medium has no content"))
	}
	file, err := m.Open(ctx)
	if err != nil {
		return nil, Unopened(err)
	}
	return file, nil
}

// Unopened is a medium that could not be read here: nothing was published.
func Unopened(err error) *networks.Failure {
	return &networks.Failure{
		Kind: networks.Unavailable, Code: "medium_unreadable", Cause: err, Detail: "A picture or film could not be read. Try again later.",
	}
}
