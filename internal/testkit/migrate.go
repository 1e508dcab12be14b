package testkit

import "behalf/internal/schema"

// migrate brings a database to the current schema.
var migrate Setup = schema.Migrate
