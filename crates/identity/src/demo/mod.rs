//! The people of the demo introduce themselves: they save a profile and upload a portrait, and pictures of what is theirs, by
//! the same actions as everyone.

mod cast;
mod faces;

use platform::{
    ActionError, Context,
    media::{self, Crop, PictureUse, Prepared},
    module::{PictureSetter, Pictured, Services},
};
use uuid::Uuid;

use crate::{
    actions::{
        close_account, recognize, save_profile, set_portrait, set_thing_picture, sign_in, sign_out,
    },
    gateway::OauthApp,
    model::{Device, GithubAccount, UserId},
    reads,
};

/// Lets a person of the demo sign in and out again, unless they did: who never signed in gets no notices. Returns their ID.
///
/// # Errors
/// When the database fails, or the account cannot sign in.
pub async fn sign_in_once(
    context: &Context,
    account: GithubAccount,
) -> Result<UserId, ActionError> {
    let id = account.github_id;
    if let Some(known) = reads::known(&context.db, [id]).await?.get(&id)
        && reads::reachable(&context.db, known.user_id, context.now()).await?.is_some()
    {
        return Ok(known.user_id);
    }
    let welcome = sign_in(context, account, &Device::default(), None).await?;
    sign_out(context, &welcome.token).await?;
    Ok(welcome.user_id)
}

/// Lets a person of the demo sign in and close their account, at the time of the context, unless they are known.
///
/// # Errors
/// When the database fails, or the account cannot sign in.
pub async fn close(
    services: &Services,
    context: &Context,
    account: GithubAccount,
) -> Result<(), ActionError> {
    if !reads::known(&context.db, [account.github_id]).await?.is_empty() {
        return Ok(());
    }
    let welcome = sign_in(context, account, &Device::default(), None).await?;
    let app = OauthApp::of(&services.config);
    match recognize(context, &welcome.token).await? {
        Some(found) => {
            let login = found.viewer.login.clone();
            close_account(context, &services.post, &app, &found.viewer, &login).await
        }
        None => Ok(()),
    }
}

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
