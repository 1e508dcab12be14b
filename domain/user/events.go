package user

// Registered: a person opened a user account of their own.
type Registered struct {
	Email Email  `json:"email"`
	Name  string `json:"name"`
}

// EventType names the event in the log.
func (Registered) EventType() string { return "user.registered.v1" }
