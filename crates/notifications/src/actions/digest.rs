use identity::model::UserId;
use platform::{
    ActionError, Context,
    db::Tx,
    outbox::{EMAIL, Key, Post, enqueue},
};

use super::address;
use crate::{
    emails::{Digest, DigestLine},
    model::{DIGEST, NewsKinds, NewsMode},
    store::{
        chosen,
        news::{self, DigestEntry},
    },
};

/// The number of notifications read per round.
const ROUND: i64 = 200;

/// The maximum number of notifications listed in an email.
const LINES: usize = 50;

/// Sends the digests that are due, each in its own transaction; returns their number. Notifications of a kind that is no longer
/// for the person are left out.
///
/// # Errors
/// When an email cannot be rendered.
pub async fn send_digests(
    context: &Context,
    post: &Post,
    kinds: NewsKinds,
) -> Result<usize, ActionError> {
    let (now, mut written) = (context.now(), 0);
    loop {
        let due = news::due(&context.db, now, ROUND).await?;
        if due.is_empty() {
            return Ok(written);
        }
        for person in due {
            let mut tx = context.begin().await?;
            tx.serialize("notifications.digests").await?;
            written += usize::from(write(&mut tx, context, post, kinds, person).await?);
            tx.commit().await?;
        }
    }
}

async fn write(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    kinds: NewsKinds,
    person: UserId,
) -> Result<bool, ActionError> {
    let now = context.now();
    let waiting = news::waiting(tx, person, now).await?;
    news::digested(tx, &waiting).await?;
    let Some(latest) = waiting.iter().map(|news| news.digest_at).max() else {
        return Ok(false);
    };
    let Some(reached) = identity::reads::reachable(tx, person, now).await? else {
        return Ok(false);
    };
    let is_for_them = |news: &DigestEntry| {
        let kind = kinds.find(&news.kind);
        kind.is_none_or(|kind| kind.is_for(&context.flags, reached.flag_viewer()))
    };
    let unread = waiting.into_iter().filter(|news| news.read_at.is_none() && is_for_them(news));
    let unread: Vec<_> = unread.collect();
    let mailbox = reached.email.as_deref();
    let modes = chosen::modes(tx, person).await?;
    let is_off = modes.of(DIGEST.code, EMAIL) == Some(NewsMode::Off);
    let Some(mailbox) = mailbox.filter(|_| !is_off && !unread.is_empty()) else {
        return Ok(false);
    };
    let (_, generation) = chosen::settings(tx, person, chrono_tz::Tz::UTC).await?;
    let unsubscribe = address(post, person, DIGEST.code, generation)?;
    let content = post.write(&email(&unread), Some(&unsubscribe))?;
    let key = Key {
        person: person.0,
        kind: DIGEST.code,
        object: person.0,
        occurrence: &latest.to_rfc3339(),
        channel: EMAIL,
    };
    Ok(enqueue(tx, context, key, mailbox, &content, now).await?)
}

fn email(unread: &[DigestEntry]) -> Digest {
    let line =
        |news: &DigestEntry| DigestLine { title: news.title.clone(), link: news.link.clone() };
    Digest { count: unread.len(), lines: unread.iter().take(LINES).map(line).collect() }
}
