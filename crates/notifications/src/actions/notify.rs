use chrono_tz::Tz;
use identity::{model::UserId, reads::Reachable};
use kernel::Timestamp;
use platform::{
    ActionError, Context,
    db::Tx,
    outbox::{
        self, Content, CountedKinds, EMAIL, Key, PUSH, Post, SMS, WEBHOOK, enqueue,
        push::{self, Browser},
        webhook,
    },
};

use super::{address, phone::CODE, texts};
use crate::{
    model::{DeliverySettings, KINDS, NewsMode, Notice, Phone},
    reads,
    rules::{self, Mail, TextLevel, day_start, mail},
    store::{chosen, chosen::Modes, news},
};

/// Notifies a person once per object and occurrence, in the caller's transaction: in their inbox, and by
/// email, in their browsers, on their phone and at their webhooks as they chose. Returns whether the notification is new. People who never
/// signed in, are banned or erased, or for whom the flag of the kind is off, get no notifications.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    notice: &Notice<'_>,
) -> Result<bool, ActionError> {
    let reached = identity::reads::reachable(tx, notice.user_id, context.now()).await?;
    match reached {
        Some(reached) => notify_reached(tx, context, post, notice, &reached).await,
        None => Ok(false),
    }
}

/// Notifies a person like [`notify`], even if they are banned: of what they can read and answer nonetheless.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_even_banned(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    notice: &Notice<'_>,
) -> Result<bool, ActionError> {
    match identity::reads::reachable_even_banned(tx, notice.user_id).await? {
        Some(reached) => notify_reached(tx, context, post, notice, &reached).await,
        None => Ok(false),
    }
}

async fn notify_reached(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    notice: &Notice<'_>,
    reached: &Reachable,
) -> Result<bool, ActionError> {
    let (person, now, kind) = (notice.user_id, context.now(), notice.kind);
    if !kind.is_for(&context.flags, reached.flag_viewer()) {
        return Ok(false);
    }
    let (settings, generation) = chosen::settings(tx, person, reached.timezone()).await?;
    let modes = chosen::modes(tx, person).await?;
    let mailbox = reached.email.as_deref();
    let mailbox = mailbox.filter(|_| post.channels.has(EMAIL));
    let plan = match mailbox {
        None => Mail::Not,
        Some(_) => {
            let mode = modes.of(kind.code, EMAIL).unwrap_or(kind.mail);
            let today = sent_today(tx, person, EMAIL, settings.timezone, now).await?;
            mail(kind, mode, &settings, today, now)
        }
    };
    let unsubscribe =
        if kind.is_security { None } else { Some(address(post, person, kind.code, generation)?) };
    let mut content = post.write(notice.email, unsubscribe.as_deref())?;
    content.flag = kind.flag.map(|flag| flag.name.to_owned());
    let digest_at = match plan {
        Mail::InDigest(at) => Some(at),
        Mail::Not | Mail::At(_) => None,
    };
    let id = context.ids.next();
    if !news::insert(tx, id, notice, &content.subject, digest_at, now).await? {
        return Ok(false);
    }
    let link = format!("{}{}", post.site, notice.link);
    let line =
        |text: &str| Content { flag: content.flag.clone(), ..Content::line(text, link.clone()) };
    if post.channels.has(PUSH) {
        let mut line = line(&content.subject);
        line.is_urgent = kind.is_security;
        notify_browsers(tx, context, notice, &settings, &modes, &line).await?;
    }
    if post.channels.has(SMS) {
        // Nothing else says who sends a text message.
        let line = line(&format!("{}: {}", post.community, content.subject));
        notify_phone(tx, context, post, notice, &settings, &modes, &line).await?;
    }
    if post.channels.has(WEBHOOK) {
        notify_webhooks(tx, context, notice, &modes, &line(&content.subject)).await?;
    }
    if let (Mail::At(at), Some(mailbox)) = (plan, mailbox) {
        content.link = Some(link);
        enqueue(tx, context, notice.key(EMAIL), mailbox, &content, at).await?;
    }
    Ok(true)
}

/// Sends a message to each of the person's browsers.
async fn notify_browsers(
    tx: &mut Tx,
    context: &Context,
    notice: &Notice<'_>,
    settings: &DeliverySettings,
    modes: &Modes,
    line: &Content,
) -> Result<(), ActionError> {
    let (person, now, kind) = (notice.user_id, context.now(), notice.kind);
    let browsers = push::of_person(tx, person.0).await?;
    if browsers.is_empty() {
        return Ok(());
    }
    let sent = sent_today(tx, person, PUSH, settings.timezone, now).await?;
    let each = sent / i64::try_from(browsers.len()).unwrap_or(1);
    let mode = modes.of(kind.code, PUSH).unwrap_or(NewsMode::Instant);
    let Some(at) = rules::short(kind, mode, settings, each, now) else {
        return Ok(());
    };
    for Browser { id, .. } in browsers {
        let key = Key { occurrence: &format!("{} {id}", notice.occurrence), ..notice.key(PUSH) };
        enqueue(tx, context, key, &id.to_string(), line, at).await?;
    }
    Ok(())
}

/// Sends a text message to the person's phone, if it is verified. Except for security notifications, people get none that
/// they did not choose, and none once the server sent the maximum of a day.
async fn notify_phone(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    notice: &Notice<'_>,
    settings: &DeliverySettings,
    modes: &Modes,
    line: &Content,
) -> Result<(), ActionError> {
    let (person, now, kind) = (notice.user_id, context.now(), notice.kind);
    let mode = modes.of(kind.code, SMS).unwrap_or(NewsMode::Off);
    if mode == NewsMode::Off && !kind.is_security {
        return Ok(());
    }
    let phone = reads::phone(tx, person).await?;
    let Some(phone) = phone.filter(Phone::is_verified) else {
        return Ok(());
    };
    let sent = sent_today(tx, person, SMS, settings.timezone, now).await?;
    let Some(at) = rules::short(kind, mode, settings, sent, now) else {
        return Ok(());
    };
    if texts::level(&*tx, context, post).await? == TextLevel::Reached {
        return Ok(());
    }
    enqueue(tx, context, notice.key(SMS), &phone.number, line, at).await?;
    Ok(())
}

/// Sends a message to each of the person's webhooks, at any time and without a maximum: a program receives it.
async fn notify_webhooks(
    tx: &mut Tx,
    context: &Context,
    notice: &Notice<'_>,
    modes: &Modes,
    line: &Content,
) -> Result<(), ActionError> {
    let (person, now, kind) = (notice.user_id, context.now(), notice.kind);
    let mode = modes.of(kind.code, WEBHOOK).unwrap_or(NewsMode::Instant);
    if !rules::webhook(kind, mode) {
        return Ok(());
    }
    for id in webhook::enabled(tx, person.0).await? {
        let key = Key { occurrence: &format!("{} {id}", notice.occurrence), ..notice.key(WEBHOOK) };
        enqueue(tx, context, key, &id.to_string(), line, now).await?;
    }
    Ok(())
}

/// Counts the messages sent to a person on a channel since their day began, without those that are always sent.
async fn sent_today(
    tx: &Tx,
    person: UserId,
    channel: &str,
    timezone: Tz,
    now: Timestamp,
) -> Result<i64, ActionError> {
    let since = day_start(now, timezone);
    let security = KINDS.iter().filter(|kind| kind.is_security);
    let others: Vec<&str> = security.map(|kind| kind.code).chain([CODE]).collect();
    let counted = CountedKinds::Except(&others);
    Ok(outbox::sent_since(tx, person.0, channel, counted, since).await?)
}
