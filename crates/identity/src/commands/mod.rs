//! Parts of the command `user`.

mod people;

pub use people::{ListArgs, ShowArgs, list, show};
