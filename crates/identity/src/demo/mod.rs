//! The people of the demo introduce themselves: they save a profile and upload a portrait, by the same actions as everyone.

mod cast;
mod faces;

use platform::{
    ActionError, Context,
    media::{self, Crop, PictureUse},
};

use crate::{
    actions::{save_profile, set_portrait},
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
