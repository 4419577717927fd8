//! Portraits, and the pictures that people upload for texts.

use bytes::Bytes;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::Actor,
    db::{DbError, Tx},
    media::{self, Crop, NewPicture, PictureSource, PictureUse, Prepared, subject_of},
    module::Modules,
    settings,
};
use uuid::Uuid;

use super::{profile::ask, thing_pictures::forget_thing};
use crate::{
    model::{UserId, WantedAvatar},
    reads, rules,
    store::profiles,
};

/// Makes a picture the portrait of a person, in place of an earlier one.
///
/// # Errors
/// When the person is a minor.
pub async fn set_portrait(
    context: &Context,
    person: UserId,
    picture: &Prepared,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    place_portrait(&tx, context, person, picture, PictureSource::Upload).await?;
    Ok(tx.commit().await?)
}

async fn place_portrait(
    tx: &Tx,
    context: &Context,
    person: UserId,
    picture: &Prepared,
    source: PictureSource,
) -> Result<(), ActionError> {
    if reads::is_minor(tx, person).await? {
        return Err(rules::not_for_minors().into());
    }
    let new = NewPicture {
        owner: person.0,
        used: PictureUse::Face,
        subject: &subject_of(person.0),
        source,
        description: "",
        picture,
    };
    let address = media::place(tx, context, new).await?;
    profiles::begin(tx, context, person).await?;
    profiles::ask_for_avatar(tx, person, None).await?;
    Ok(profiles::set_picture(tx, person, Some(address), context.now()).await?)
}

/// Removes the portrait of a person, who then has a drawn one.
///
/// # Errors
/// When the database fails.
pub async fn remove_portrait(context: &Context, person: UserId) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    forget_portrait(&tx, context, person).await?;
    Ok(tx.commit().await?)
}

async fn forget_portrait(tx: &Tx, context: &Context, person: UserId) -> Result<(), ActionError> {
    media::forget(tx, &subject_of(person.0), PictureUse::Face).await?;
    profiles::ask_for_avatar(tx, person, None).await?;
    Ok(profiles::set_picture(tx, person, None, context.now()).await?)
}

/// Asks for the avatar of a person's account on GitHub as their portrait.
///
/// # Errors
/// When the person is a minor, or their account has no avatar.
pub async fn ask_for_avatar(context: &Context, person: UserId) -> Result<(), ActionError> {
    media::count_upload(context, person.0).await?;
    let mut tx = context.begin().await?;
    let found = reads::profile(&tx, person).await?;
    if found.is_minor {
        return Err(rules::not_for_minors().into());
    }
    if !found.has_avatar {
        let detail = "Your account here has no picture on GitHub. Link your GitHub account, or upload a picture.";
        return Err(Problem::new(ProblemKind::Conflict, "NO_AVATAR", detail).into());
    }
    ask(&mut tx, context, person).await?;
    Ok(tx.commit().await?)
}

/// Returns the avatar that a person asked for.
pub async fn avatar_wanted(
    context: &Context,
    person: UserId,
) -> Result<Option<WantedAvatar>, DbError> {
    profiles::wanted_avatar(&context.db, person).await
}

/// Makes an avatar that was fetched the portrait of the person who asked for it, unless they changed their mind. Without a file, it
/// is asked for no longer.
///
/// # Errors
/// When the database fails.
pub async fn fetch_avatar(
    context: &Context,
    wanted: &WantedAvatar,
    file: Option<Bytes>,
) -> Result<(), ActionError> {
    let made = match file {
        Some(file) => media::prepared(file, PictureUse::Face, Crop::default()).await.ok(),
        None => None,
    };
    let person = UserId::from(wanted.user_id);
    let tx = context.begin().await?;
    let still = profiles::wanted_avatar(&tx, person).await?;
    if still.is_none_or(|still| still.asked_at != wanted.asked_at) {
        return Ok(());
    }
    match made {
        Some(made) => {
            place_portrait(&tx, context, person, &made, PictureSource::Github).await?;
        }
        None => profiles::ask_for_avatar(&tx, person, None).await?,
    }
    Ok(tx.commit().await?)
}

/// Adds a picture for the texts of a person.
///
/// # Errors
/// When the person is a minor or has too many, or the description is missing.
pub async fn add_picture(
    context: &Context,
    person: UserId,
    description: &str,
    picture: &Prepared,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    if reads::is_minor(&tx, person).await? {
        return Err(rules::not_for_minors().into());
    }
    let new = NewPicture {
        owner: person.0,
        used: PictureUse::Gallery,
        subject: &media::texts_of(person.0),
        source: PictureSource::Upload,
        description,
        picture,
    };
    media::place(&tx, context, new).await?;
    Ok(tx.commit().await?)
}

/// Removes a picture of a person.
///
/// # Errors
/// When the person has no such picture.
pub async fn remove_picture(
    context: &Context,
    person: UserId,
    id: Uuid,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    media::remove(&tx, person.0, id).await?;
    follow(&tx, context, person).await?;
    Ok(tx.commit().await?)
}

/// Removes a picture of anyone, of a thing or of the community, for moderation.
///
/// # Errors
/// When the picture is gone, or the reason is missing.
pub async fn take_down_picture(
    context: &Context,
    modules: Modules,
    actor: Actor,
    id: Uuid,
    reason: &str,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    settings::serialize(&tx).await?;
    let taken = media::take_down(&tx, context, actor, id, reason).await?;
    if taken.subject == media::COMMUNITY_BANNER {
        settings::remove(&tx, context, actor, "community_picture").await?;
    } else if !forget_thing(&tx, context, modules, actor, &taken.subject).await? {
        follow(&tx, context, taken.owner.into()).await?;
    }
    Ok(tx.commit().await?)
}

/// Changes what is said about a picture of a person.
///
/// # Errors
/// When the person has no such picture, or the description is missing or too long.
pub async fn describe_picture(
    context: &Context,
    person: UserId,
    id: Uuid,
    text: &str,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    media::describe(&tx, person.0, id, text).await?;
    Ok(tx.commit().await?)
}

/// Reports a picture to the moderators.
///
/// # Errors
/// When no picture has the hash, the words are missing or too long, or the person reported too many.
pub async fn report_picture(
    context: &Context,
    reporter: UserId,
    hash: &str,
    words: &str,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    media::report(&tx, context, reporter.0, hash, words).await?;
    Ok(tx.commit().await?)
}

/// Ends the reports of a picture, which stays.
///
/// # Errors
/// When the picture is gone or no one reported it, or the reason is missing.
pub async fn keep_picture(
    context: &Context,
    actor: Actor,
    id: Uuid,
    reason: &str,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    media::dismiss(&tx, context, actor, id, reason).await?;
    Ok(tx.commit().await?)
}

/// Lets the path of a person's portrait follow from their pictures.
async fn follow(tx: &Tx, context: &Context, person: UserId) -> Result<(), ActionError> {
    let portrait = media::of_person(tx, person.0).await?.map(|found| found.address);
    Ok(profiles::set_picture(tx, person, portrait, context.now()).await?)
}

/// Notes whether a person is a minor, in the caller's transaction. A minor loses their pictures.
///
/// # Errors
/// When the database fails.
pub async fn protect_minor(
    tx: &Tx,
    context: &Context,
    person: UserId,
    is_minor: bool,
) -> Result<(), ActionError> {
    if reads::is_minor(tx, person).await? == is_minor {
        return Ok(());
    }
    profiles::set_minor(tx, person, is_minor, context.now()).await?;
    if is_minor {
        for picture in media::own(tx, person.0).await? {
            media::remove(tx, person.0, picture.id).await?;
        }
        forget_portrait(tx, context, person).await?;
    }
    Ok(())
}
