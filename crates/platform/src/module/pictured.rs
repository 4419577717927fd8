//! Kinds of things that people give a picture, each in the module that knows who may.

use futures_util::future::BoxFuture;
use uuid::Uuid;

use crate::{ActionError, Context, audit::Actor, db::Tx, flags::Flag, media::PictureUse};

/// A kind of things with a picture of their own, in place of the drawn one.
#[derive(Clone, Copy, Debug)]
pub struct Pictured {
    /// The kind in addresses and in the subjects of pictures: `project`.
    pub kind: &'static str,
    /// The size of its pictures.
    pub used: PictureUse,
    /// The flag of the feature. `None` if it cannot be off.
    pub flag: Option<&'static Flag>,
    pub find: FindPicturedFn,
    pub set: SetPictureFn,
}

impl Pictured {
    /// Returns the subject of the picture of a thing.
    #[must_use]
    pub fn subject(&self, id: Uuid) -> String {
        format!("{}:{id}", self.kind)
    }
}

/// A person who wants to set the picture of a thing.
#[derive(Clone, Copy, Debug)]
pub struct PictureSetter {
    pub person: Uuid,
    pub is_admin: bool,
}

impl PictureSetter {
    /// Returns the person as an actor of the audit log.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Person(self.person)
    }
}

/// A thing whose picture a person may set now.
#[derive(Clone, Debug)]
pub struct PicturedThing {
    pub title: String,
    /// The path of the page from which its picture is set.
    pub address: String,
    /// The path of the picture that is drawn for it.
    pub drawn: String,
}

/// A picture of a thing that was set, or `None` for a removed one.
#[derive(Clone, Copy, Debug)]
pub struct PictureChange<'a> {
    pub actor: Actor,
    pub id: Uuid,
    /// The path and the description.
    pub picture: Option<(&'a str, &'a str)>,
}

/// A function that finds a thing, if the person may set its picture at this moment.
pub type FindPicturedFn = for<'a> fn(
    &'a Tx,
    &'a Context,
    PictureSetter,
    Uuid,
) -> BoxFuture<'a, Result<PicturedThing, ActionError>>;

/// A function that notes the picture of a thing in the caller's transaction.
pub type SetPictureFn =
    for<'a> fn(&'a Tx, &'a Context, PictureChange<'a>) -> BoxFuture<'a, Result<(), ActionError>>;
