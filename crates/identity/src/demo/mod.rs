//! The people of the demo introduce themselves: they save a profile and upload a portrait, and pictures of what is theirs, by
//! the same actions as everyone.

mod cast;
mod faces;

use platform::{
    ActionError, Context,
    media::{self, Crop, PictureUse, Prepared},
    module::{PictureSetter, Pictured},
};
use uuid::Uuid;

use crate::{
    actions::{save_profile, set_portrait, set_thing_picture},
    model::UserId,
    reads,
};

/// Lets people of the demo save a profile and upload a portrait. Those who have a name, and minors, stay as they are.
///
/// # Errors
/// When the database fails, or a profile is refused.
pub async fn introduce(
    context: &Context,
    people: Vec<(UserId, String)>,
) -> Result<(), ActionError> {
    for (person, login) in people {
        let own = reads::profile(&context.db, person).await?;
        if !own.profile.name.is_empty() || own.is_minor {
            continue;
        }
        let Some((input, face)) = cast::of(&login) else {
            continue;
        };
        if let Some(file) = faces::picture(face) {
            let picture = media::prepared(file, PictureUse::Face, Crop::default()).await?;
            set_portrait(context, person, &picture).await?;
        }
        save_profile(context, person, &input, None).await?;
    }
    Ok(())
}

/// A drawing by a person of the demo, and what it shows.
#[derive(Clone, Copy, Debug)]
pub struct Drawing {
    pub svg: &'static str,
    pub shows: &'static str,
}

impl Drawing {
    /// Returns the drawing as a picture of this use.
    ///
    /// # Errors
    /// When it is no drawing.
    pub async fn prepared(self, used: PictureUse) -> Result<Prepared, ActionError> {
        let (width, height) = used.size();
        // An empty file is refused as every other that is no picture.
        let file = ui::preview::raster(self.svg, width, height).unwrap_or_default();
        Ok(media::prepared(file, used, Crop::default()).await?)
    }
}

/// Lets a person of the demo set the picture of a thing of theirs.
///
/// # Errors
/// When they may not, or the database fails.
pub async fn hang(
    context: &Context,
    person: UserId,
    (kind, id): (&Pictured, Uuid),
    (picture, shows): (&Prepared, &str),
) -> Result<(), ActionError> {
    let setter = PictureSetter { person: person.0, is_admin: false };
    set_thing_picture(context, setter, kind, id, (picture, shows)).await
}
