package wire

import "crypto/tls"

// SetTLS lets a test trust its own server.
func SetTLS(c *Client, config *tls.Config) {
	c.http.Transport.(*transport).base.TLSClientConfig = config
}
