use platform::{
    ActionError, Context,
    db::Tx,
    outbox::{self, EMAIL, Key, Post, enqueue},
};

use super::address;
use crate::{
    model::Notice,
    rules::{Mail, day_start, mail},
    store::{chosen, news},
};

/// Tells a person something, once for each object and occurrence: in their inbox, and by mail as they
/// chose; all on the caller's transaction. Gives whether it was news. Who never signed in, was banned or
/// deleted is told nothing.
///
/// # Errors
/// When a letter cannot be written or the database fails.
pub async fn notify(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    notice: &Notice<'_>,
) -> Result<bool, ActionError> {
    let (person, now, kind) = (notice.user_id, context.now(), notice.kind);
    let Some(reached) = identity::reads::reachable(tx, person, now).await? else {
        return Ok(false);
    };
    let (settings, generation) = chosen::settings(tx, person, reached.timezone()).await?;
    let mailbox = reached.email.filter(|_| post.channels.has(EMAIL));
    let plan = match mailbox {
        None => Mail::Not,
        Some(_) => {
            let modes = chosen::modes(tx, person, EMAIL).await?;
            let mode = modes.get(kind.code).copied().unwrap_or(kind.mail);
            let since = day_start(now, settings.timezone);
            let today = outbox::sent_since(tx, person.0, EMAIL, since).await?;
            mail(kind, mode, &settings, today, now)
        }
    };
    let unsubscribe = match kind.is_security {
        true => None,
        false => Some(address(post, person, kind.code, generation)?),
    };
    let mut content = post.write(notice.letter, unsubscribe.as_deref())?;
    let digest_at = match plan {
        Mail::InDigest(at) => Some(at),
        Mail::Not | Mail::At(_) => None,
    };
    let id = context.ids.next();
    if !news::insert(tx, id, notice, &content.subject, digest_at, now).await? {
        return Ok(false);
    }
    if let (Mail::At(at), Some(mailbox)) = (plan, mailbox) {
        content.link = Some(format!("{}{}", post.site, notice.link));
        let key = Key {
            person: person.0,
            kind: kind.code,
            object: notice.object_id,
            occurrence: notice.occurrence,
            channel: EMAIL,
        };
        enqueue(tx, context, key, &mailbox, &content, at).await?;
    }
    Ok(true)
}
