package client

import (
	"context"
	"io"
	"net/http"
)

// File is an answer that is read as it is. Whoever has it closes it.
type File struct{ io.ReadCloser }

// file opens a file. The client's HTTP bounds the time that it may be read.
func (c *Client) file(ctx context.Context, call call) (*File, error) {
	response, err := c.send(ctx, call)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		defer func() { _ = response.Body.Close() }()
		return nil, Decode(response, nil)
	}
	return &File{response.Body}, nil
}
