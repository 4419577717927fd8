//! Pictures of people and things. A file is checked, decoded when it is its turn, turned upright, converted to sRGB and encoded anew
//! in the size of its use, so that nothing of the file is kept but what it shows (docs/adr/0033). The result is stored under its
//! hash. Owns `pictures`, `picture_uses`, `picture_reports` and `picture_uploads`.

mod actions;
mod color;
mod crop;
mod decode;
mod encode;
mod fetch;
#[cfg(test)]
mod fuzz;
mod inks;
mod kind;
mod own;
mod pool;
mod prepare;
#[cfg(test)]
mod samples;
mod serve;
mod sniff;
mod store;
mod tables;
#[cfg(test)]
mod tests;

use uuid::Uuid;

pub use actions::{
    BY_PERSON, KEPT_BY_PERSON, NewPicture, TakenDown, checked_text, count_upload, describe,
    describe_of, dismiss, forget, place, remove, report, take_down,
};
pub use crop::Crop;
pub use fetch::fetch;
pub use kind::{PictureSource, PictureUse};
pub(crate) use own::{erase, export};
pub use pool::{Admission, admit, prepared};
pub use prepare::{LARGEST_FILE, Prepared, prepare};
pub(crate) use serve::routes;
pub use store::{OwnPicture, ReportedPicture, of_person, own, picture_of, reported};
pub(crate) use tables::migrations;

/// The path of a stored picture.
#[must_use]
pub fn address(hash: &str, extension: &str) -> String {
    format!("/pictures/{hash}.{extension}")
}

/// The subject of the picture of the community.
pub const COMMUNITY_BANNER: &str = "community:banner";

/// The subject of the picture of a person, as [`place`] expects it.
#[must_use]
pub fn subject_of(person: Uuid) -> String {
    format!("person:{person}")
}

/// The subject of the pictures that a person uploads for texts.
#[must_use]
pub fn texts_of(person: Uuid) -> String {
    format!("texts:{person}")
}
