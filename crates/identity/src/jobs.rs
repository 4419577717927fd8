//! Workers and schedules of the module.

use platform::{
    ActionError, Context,
    jobs::{self, Progress, Schedule, Worker},
    module::Modules,
    outbox::Post,
};

use std::sync::Arc;

use crate::actions::{
    avatar_wanted, fetch_avatar, forget_exports, forget_invitations, forget_sessions,
    forget_setup_codes, forget_sign_in_links, forget_tokens, forget_unverified, forget_wrong_codes,
    mail_sign_in_links,
};
use crate::gateway::{Avatars, GithubSignIn};
use crate::model::{AVATAR_ASKED, SIGN_IN_ASKED};
use crate::rules::SESSION_LASTS;

/// The number of avatars that are fetched before others are looked for.
const AVATARS: i64 = 5;

/// Returns the workers that email sign-in links and fetch avatars.
#[must_use]
pub fn workers(post: &Post, modules: Modules, avatars: Avatars) -> Vec<Worker> {
    let own = post.clone();
    let links = move |context: Context, _| {
        let post = own.clone();
        async move { Ok(mail_sign_in_links(&context, &post, modules).await?) }
    };
    let avatars = Arc::new(avatars);
    let fetch = move |context: Context, _| {
        let avatars = Arc::clone(&avatars);
        async move { Ok(fetch_avatars(&context, &avatars).await?) }
    };
    vec![
        Worker::new("sign-in-links", SIGN_IN_ASKED, links),
        Worker::new("avatars", AVATAR_ASKED, fetch),
    ]
}

/// Returns the schedule that deletes dead links and sessions, tokens and exports that expired long ago.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    let forget = |context: Context| async move {
        let before = context.now() - SESSION_LASTS;
        let sessions = forget_sessions(&context, before).await?;
        let tokens = forget_tokens(&context, before).await?;
        let links = forget_sign_in_links(&context).await?;
        let addresses = forget_unverified(&context, before).await?;
        let exports = forget_exports(&context).await?;
        let codes = forget_wrong_codes(&context).await?;
        let setup_codes = forget_setup_codes(&context).await?;
        let invitations = forget_invitations(&context).await?;
        Ok(format!(
            "deleted sessions: {sessions}, tokens: {tokens}, links: {links}, addresses: {addresses}, exports: {exports}, wrong codes: {codes}, setup codes: {setup_codes}, invitations: {invitations}"
        ))
    };
    vec![Schedule::new("SessionRetention", "50 3 * * *", forget)]
}

/// Fetches the avatars of people who asked for them, outside any transaction.
async fn fetch_avatars(context: &Context, avatars: &Avatars) -> Result<Progress, ActionError> {
    let wanted = jobs::take(&context.db, AVATAR_ASKED, AVATARS).await?;
    if wanted.is_empty() {
        return Ok(Progress::Idle);
    }
    for wake_up in &wanted {
        fetch_wanted(context, avatars, wake_up.object_id).await?;
    }
    let tx = context.begin().await?;
    jobs::forget(&tx, &wanted).await?;
    tx.commit().await?;
    Ok(Progress::Worked)
}

async fn fetch_wanted(
    context: &Context,
    avatars: &Avatars,
    person: uuid::Uuid,
) -> Result<(), ActionError> {
    let Some(wanted) = avatar_wanted(context, person.into()).await? else {
        return Ok(());
    };
    let file = match context.flags.permit::<GithubSignIn>() {
        Ok(permit) => avatars.fetch(permit, &wanted.avatar_url).await,
        Err(_) => None,
    };
    fetch_avatar(context, &wanted, file).await
}
