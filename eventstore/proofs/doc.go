// Package proofs tries to break the log: with a model, with histories that are
// checked for linearizability, under load, and with databases that are stopped,
// lost and restored. What takes minutes needs the build tag "long".
package proofs
