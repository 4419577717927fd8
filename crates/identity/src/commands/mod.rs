//! The command `setup-code`, and parts of the command `user`.

mod people;
mod setup_code;

pub use people::{ListArgs, ShowArgs, list, show};
pub use setup_code::{SetupCodeArgs, create, setup_code};
