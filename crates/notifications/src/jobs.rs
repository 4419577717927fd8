//! What this module does after the answer and at set times.

use chrono::TimeDelta;
use identity::model::{
    IDENTITY_CHANGED, NEW_DEVICE_CAME, REFRESH_REUSED, ROLE_GRANTED, TOKEN_CREATED,
};
use platform::{
    Context, alerts,
    jobs::{Schedule, Worker},
    outbox::{self, Post},
};

use crate::actions;

/// How long news stands in an inbox, and what was alerted among it.
const NEWS_KEPT: TimeDelta = TimeDelta::days(365);
/// How long it is known that a message was sent.
const SENT_KEPT: TimeDelta = TimeDelta::days(90);

/// Who must be told of what identity raised.
#[must_use]
pub fn workers(post: &Post) -> Vec<Worker> {
    let own = post.clone();
    let devices = move |context: Context, _| {
        let post = own.clone();
        async move { Ok(actions::notify_devices(&context, &post).await?) }
    };
    let own = post.clone();
    let roles = move |context: Context, _| {
        let post = own.clone();
        async move { Ok(actions::notify_roles(&context, &post).await?) }
    };
    let own = post.clone();
    let tokens = move |context: Context, _| {
        let post = own.clone();
        async move { Ok(actions::notify_tokens(&context, &post).await?) }
    };
    let own = post.clone();
    let copies = move |context: Context, _| {
        let post = own.clone();
        async move { Ok(actions::notify_copied_sign_ins(&context, &post).await?) }
    };
    let own = post.clone();
    let identities = move |context: Context, _| {
        let post = own.clone();
        async move { Ok(actions::notify_identities(&context, &post).await?) }
    };
    vec![
        Worker::new("identity-notices", IDENTITY_CHANGED, identities),
        Worker::new("copy-notices", REFRESH_REUSED, copies),
        Worker::new("device-notices", NEW_DEVICE_CAME, devices),
        Worker::new("token-notices", TOKEN_CREATED, tokens),
        Worker::new("role-notices", ROLE_GRANTED, roles),
    ]
}

/// Summaries, each quarter of an hour because mornings begin at different times; and what is forgotten.
#[must_use]
pub fn schedules(post: &Post) -> Vec<Schedule> {
    let own = post.clone();
    let digests = move |context: Context| {
        let post = own.clone();
        async move {
            let written = actions::send_digests(&context, &post).await?;
            Ok(format!("{written} summaries written"))
        }
    };
    let forget = |context: Context| async move {
        let now = context.now();
        let news = actions::forget(&context, now - NEWS_KEPT).await?;
        let sent = outbox::forget_sent(&context, now - SENT_KEPT).await?;
        let over = alerts::forget(&context, now - NEWS_KEPT).await?;
        Ok(format!(
            "{news} news, {sent} sent messages and {over} alerts forgotten"
        ))
    };
    vec![
        Schedule::new("Digests", "*/15 * * * *", digests),
        Schedule::new("NotificationRetention", "10 4 * * *", forget),
    ]
}
