//! Modules describe themselves: one more is a file, and what a module forgets is found.

mod declared;
mod forgotten;
mod kudos;
mod one_more;
mod thanks;
