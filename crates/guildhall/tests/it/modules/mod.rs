//! Modules describe themselves: one more is a file, and what a module forgets is found.

mod kudos;
mod one_more;
