package api

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
)

// caller is a connection that sends one request after the other, as load
// generators do: it costs the two processors next to nothing.
type caller struct {
	conn net.Conn
	read *bufio.Reader
}

// get asks for something, signed in as the Owner, and reads the whole answer.
func (c *caller) get(ctx context.Context, s *site, path string) error {
	address := strings.TrimPrefix(s.Base, "http://")
	if c.conn == nil {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", address)
		if err != nil {
			return err
		}
		c.conn, c.read = conn, bufio.NewReaderSize(conn, 64<<10)
	}
	if _, err := io.WriteString(c.conn, "GET "+path+" HTTP/1.1\r\nHost: "+address+"\r\nAuthorization: Bearer "+s.Token+"\r\n\r\n"); err != nil {
		return err
	}
	answer, err := http.ReadResponse(c.read, nil)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	size, err := io.Copy(io.Discard, answer.Body)
	if err == nil && (answer.StatusCode != http.StatusOK || size < colleagues*100) {
		err = fmt.Errorf("%s: %d bytes", answer.Status, size)
	}
	return err
}

func hangUp(all []caller) {
	for _, one := range all {
		if one.conn != nil {
			_ = one.conn.Close() // it is not used again
		}
	}
}
