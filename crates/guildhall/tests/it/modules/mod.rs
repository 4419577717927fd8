//! Modules describe themselves: one more module needs one more file, and missing declarations are found.

mod declared;
mod extra_module;
mod kudos;
mod missing_declarations;
mod thanks;
