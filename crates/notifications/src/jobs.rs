//! Workers and schedules of this module.

use chrono::TimeDelta;
use identity::model::{
    GITHUB_TOKEN_REVOKED, IDENTITY_CHANGED, NEW_DEVICE_CAME, REFRESH_REUSED, ROLE_GRANTED,
    SECOND_FACTOR_CHANGED, TOKEN_CREATED,
};
use kernel::counted;
use platform::{
    Context, alerts,
    jobs::{Schedule, Worker},
    outbox::{self, Post, webhook},
};

use crate::{actions, model::NewsKinds};

/// How long notifications and server alerts are kept.
const NEWS_KEPT: TimeDelta = TimeDelta::days(365);
/// How long a phone is kept without being verified.
const UNVERIFIED_KEPT: TimeDelta = TimeDelta::days(2);
/// How long the record of a sent message is kept.
const SENT_KEPT: TimeDelta = TimeDelta::days(90);

/// Returns the workers that notify people of changes in identity.
#[must_use]
pub fn workers(post: &Post) -> Vec<Worker> {
    let post = || post.clone();
    vec![
        Worker::for_each(
            "identity-notices",
            IDENTITY_CHANGED,
            post(),
            |tx, context, post, person| {
                Box::pin(actions::notify_identities(tx, context, post, person))
            },
        ),
        Worker::for_each("copy-notices", REFRESH_REUSED, post(), |tx, context, post, family| {
            Box::pin(actions::notify_copied_sign_in(tx, context, post, family))
        }),
        Worker::for_each(
            "device-notices",
            NEW_DEVICE_CAME,
            post(),
            |tx, context, post, session| {
                Box::pin(actions::notify_device(tx, context, post, session))
            },
        ),
        Worker::for_each(
            "factor-notices",
            SECOND_FACTOR_CHANGED,
            post(),
            |tx, context, post, person| {
                Box::pin(actions::notify_second_factor(tx, context, post, person))
            },
        ),
        Worker::for_each("token-notices", TOKEN_CREATED, post(), |tx, context, post, token| {
            Box::pin(actions::notify_token(tx, context, post, token))
        }),
        Worker::for_each(
            "github-notices",
            GITHUB_TOKEN_REVOKED,
            post(),
            |tx, context, post, token| {
                Box::pin(actions::notify_github_revoked(tx, context, post, token))
            },
        ),
        Worker::for_each("webhook-notices", webhook::DISABLED, post(), |tx, context, post, id| {
            Box::pin(actions::notify_webhook_disabled(tx, context, post, id))
        }),
        Worker::for_each("role-notices", ROLE_GRANTED, post(), |tx, context, post, person| {
            Box::pin(actions::notify_role(tx, context, post, person))
        }),
    ]
}

/// Returns the schedules: digests, every 15 minutes because mornings begin at different times, and
/// retention.
#[must_use]
pub fn schedules(post: &Post, kinds: NewsKinds) -> Vec<Schedule> {
    let own = post.clone();
    let digests = move |context: Context| {
        let post = own.clone();
        async move {
            let written = actions::send_digests(&context, &post, kinds).await?;
            Ok(counted(written, "digest sent", "digests sent"))
        }
    };
    let forget = |context: Context| async move {
        let now = context.now();
        let news = actions::forget(&context, now - NEWS_KEPT).await?;
        let sent = outbox::forget_sent(&context, now - SENT_KEPT).await?;
        let attempts = webhook::forget(&context).await?;
        let phones = actions::forget_unverified_phones(&context, now - UNVERIFIED_KEPT).await?;
        let over = alerts::forget(&context, now - NEWS_KEPT).await?;
        Ok(format!(
            "deleted notifications: {news}, sent messages: {sent}, requests to webhooks: {attempts}, alerts: {over}, \
             unverified phones: {phones}"
        ))
    };
    vec![
        Schedule::new("Digests", "*/15 * * * *", digests),
        Schedule::new("NotificationRetention", "10 4 * * *", forget),
    ]
}
