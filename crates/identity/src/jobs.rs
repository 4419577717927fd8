//! Workers and schedules of the module.

use platform::{
    Context,
    jobs::{Schedule, Worker},
    module::Modules,
    outbox::Post,
};

use crate::actions::{
    forget_exports, forget_sessions, forget_sign_in_links, forget_tokens, forget_unverified,
    forget_wrong_codes, mail_sign_in_links,
};
use crate::model::SIGN_IN_ASKED;
use crate::rules::SESSION_LASTS;

/// Returns the worker that e-mails sign-in links.
#[must_use]
pub fn workers(post: &Post, modules: Modules) -> Vec<Worker> {
    let own = post.clone();
    let links = move |context: Context, _| {
        let post = own.clone();
        async move { Ok(mail_sign_in_links(&context, &post, modules).await?) }
    };
    vec![Worker::new("sign-in-links", SIGN_IN_ASKED, links)]
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
        Ok(format!(
            "deleted sessions: {sessions}, tokens: {tokens}, links: {links}, addresses: {addresses}, exports: {exports}, wrong codes: {codes}"
        ))
    };
    vec![Schedule::new("SessionRetention", "50 3 * * *", forget)]
}
