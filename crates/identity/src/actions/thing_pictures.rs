//! Pictures of things of other modules, which know who may set them (`MODULE.pictured`).

use platform::{
    ActionError, Context,
    audit::Actor,
    db::Tx,
    media::{self, NewPicture, OwnPicture, PictureSource, Prepared},
    module::{Modules, PictureChange, PictureSetter, Pictured, PicturedThing},
};
use uuid::Uuid;

use crate::{reads, rules};

/// A thing whose picture a person may set now, and the picture that it has.
#[derive(Clone, Debug)]
pub struct ThingPicture {
    pub thing: PicturedThing,
    pub own: Option<OwnPicture>,
}

/// Returns a thing and its picture, if a person may set that now.
///
/// # Errors
/// When they may not, or are a minor.
pub async fn picture_of_thing(
    context: &Context,
    setter: PictureSetter,
    kind: &Pictured,
    id: Uuid,
) -> Result<ThingPicture, ActionError> {
    let tx = context.begin().await?;
    let thing = permitted(&tx, context, setter, kind, id).await?;
    let own = media::picture_of(&tx, &kind.subject(id), kind.used).await?;
    Ok(ThingPicture { thing, own })
}

/// Finds a thing, if the person may set its picture at this moment.
async fn permitted(
    tx: &Tx,
    context: &Context,
    setter: PictureSetter,
    kind: &Pictured,
    id: Uuid,
) -> Result<PicturedThing, ActionError> {
    let thing = (kind.find)(tx, context, setter, id).await?;
    if reads::is_minor(tx, setter.person.into()).await? {
        return Err(rules::not_for_minors().into());
    }
    Ok(thing)
}

/// Gives a thing a picture, in place of an earlier one.
///
/// # Errors
/// When the person may not set it now, the description is missing or too long, or they have too many pictures.
pub async fn set_thing_picture(
    context: &Context,
    setter: PictureSetter,
    kind: &Pictured,
    id: Uuid,
    (picture, description): (&Prepared, &str),
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    permitted(&tx, context, setter, kind, id).await?;
    let new = NewPicture {
        owner: setter.person,
        used: kind.used,
        subject: &kind.subject(id),
        source: PictureSource::Upload,
        description,
        picture,
    };
    let address = media::place(&tx, context, new).await?;
    let picture = Some((address.as_str(), description.trim()));
    let change = PictureChange { actor: setter.actor(), id, picture };
    (kind.set)(&tx, context, change).await?;
    Ok(tx.commit().await?)
}

/// Changes what is said about the picture of a thing.
///
/// # Errors
/// When the person may not set it now, there is none, or the description is missing or too long.
pub async fn describe_thing_picture(
    context: &Context,
    setter: PictureSetter,
    kind: &Pictured,
    id: Uuid,
    text: &str,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    permitted(&tx, context, setter, kind, id).await?;
    let subject = kind.subject(id);
    let address = media::describe_of(&tx, (&subject, kind.used), text).await?;
    let picture = Some((address.as_str(), text.trim()));
    let change = PictureChange { actor: setter.actor(), id, picture };
    (kind.set)(&tx, context, change).await?;
    Ok(tx.commit().await?)
}

/// Removes the picture of a thing, which is drawn from then on.
///
/// # Errors
/// When the person may not set it now.
pub async fn remove_thing_picture(
    context: &Context,
    setter: PictureSetter,
    kind: &Pictured,
    id: Uuid,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    permitted(&tx, context, setter, kind, id).await?;
    media::forget(&tx, &kind.subject(id), kind.used).await?;
    let change = PictureChange { actor: setter.actor(), id, picture: None };
    (kind.set)(&tx, context, change).await?;
    Ok(tx.commit().await?)
}

/// Notes that the picture of a subject is gone, if that is a thing. Returns whether it is one.
pub(super) async fn forget_thing(
    tx: &Tx,
    context: &Context,
    modules: Modules,
    actor: Actor,
    subject: &str,
) -> Result<bool, ActionError> {
    let Some((kind, id)) = subject.split_once(':') else {
        return Ok(false);
    };
    let Some((kind, id)) = modules.pictured(kind).zip(Uuid::try_parse(id).ok()) else {
        return Ok(false);
    };
    (kind.set)(tx, context, PictureChange { actor, id, picture: None }).await?;
    Ok(true)
}
