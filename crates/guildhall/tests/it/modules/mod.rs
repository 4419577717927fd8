//! Modules describe themselves: a new module needs only one new file, and missing declarations are found.

mod declared;
mod extra_module;
mod kudos;
mod missing_declarations;
mod route_prefixes;
mod thanks;
