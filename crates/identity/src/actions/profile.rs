use platform::{
    ActionError, Context,
    db::{DbError, Tx},
};

use crate::{
    actions::set_timezone,
    model::{AVATAR_ASKED, Profile, StatedProfile, UserId},
    rules::{self, ProfileInput},
    store::{identities, profiles},
};

/// Saves what a person says about themselves, and their time zone if they name one.
///
/// # Errors
/// When texts are too long, a link or the way to be reached is not usable, or the zone is unknown.
pub async fn save_profile(
    context: &Context,
    person: UserId,
    input: &ProfileInput,
    timezone: Option<&str>,
) -> Result<(), ActionError> {
    let profile = rules::profile(input)?;
    let tx = context.begin().await?;
    write(&tx, context, person, &profile).await?;
    if let Some(timezone) = timezone.filter(|name| !name.trim().is_empty()) {
        set_timezone(&tx, context, person, timezone).await?;
    }
    Ok(tx.commit().await?)
}

/// Writes a profile in the caller's transaction.
pub(super) async fn write(
    tx: &Tx,
    context: &Context,
    person: UserId,
    profile: &Profile,
) -> Result<(), DbError> {
    profiles::begin(tx, context, person).await?;
    let links = serde_json::to_string(&profile.links).unwrap_or_else(|_| "[]".to_owned());
    profiles::save(tx, person, profile, links, context.now()).await
}

/// Makes a profile of what GitHub states about the person of an account, at their first sign-in, and asks for their avatar. A
/// person who has a profile keeps it.
pub async fn seed_profile(
    context: &Context,
    github_id: i64,
    stated: &StatedProfile,
) -> Result<(), DbError> {
    let mut tx = context.begin().await?;
    let Some(identity) = identities::find(&tx, identities::GITHUB, &github_id.to_string()).await?
    else {
        return Ok(());
    };
    let person = UserId::from(identity.user_id);
    if !profiles::begin(&tx, context, person).await? {
        return Ok(());
    }
    let found = profiles::find(&tx, person).await?;
    let mut profile = rules::stated_profile(stated);
    if let Some(name) = found.as_ref().and_then(|found| found.name.clone()) {
        profile.name = name;
    }
    write(&tx, context, person, &profile).await?;
    if found.is_some_and(|found| found.avatar_url.is_some() && !found.is_minor) {
        ask(&mut tx, context, person).await?;
    }
    tx.commit().await
}

/// Asks for the avatar of a person's account on GitHub.
pub(super) async fn ask(tx: &mut Tx, context: &Context, person: UserId) -> Result<(), DbError> {
    profiles::begin(tx, context, person).await?;
    profiles::ask_for_avatar(tx, person, Some(context.now())).await?;
    tx.wake(AVATAR_ASKED, [person.0], context.ids.as_ref(), context.now()).await
}
