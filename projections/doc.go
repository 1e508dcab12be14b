// Package projections is the read side: what happened, as tables that
// questions can be asked of.
//
// A view's tables and its handler have a room: accounts, exports, membership,
// notifications, posts. A handler is pure, event → row changes; the engine follows
// the log with one consumer group per view and applies what the handlers answer,
// exactly once per event. Views are never decided on: commands read streams.
//
// Who asks for people goes through a reading.Reader, whose connections run under
// eventstore.RoleAPI and see one workspace; what Behalf itself has to do is found
// by work.Reader, under eventstore.RoleEngine.
package projections
