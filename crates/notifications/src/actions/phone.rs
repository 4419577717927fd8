use chrono::TimeDelta;
use identity::{
    model::{UserId, Viewer},
    rules::{freshly, hash},
};
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    ActionError, Context, crypto,
    db::{DbError, Tx},
    outbox::{self, Content, CountedKinds, Key, Post, SMS, enqueue},
};

use super::{note::note, texts};
use crate::{
    model::Phone,
    reads,
    rules::{TextLevel, code, code_ends, is_usable, phone_number, typed_code},
    store::phones,
};

/// The kind of a text message with a code.
pub(super) const CODE: &str = "verify_phone";

/// The maximum number of codes that a person can request per day.
const CODES_PER_DAY: i64 = 3;

/// The maximum number of other people who can request codes for the same number per day.
const OTHERS_PER_DAY: i64 = 2;

/// Sends a code to a phone. Entering it proves that the person has the phone; until then no other text message is sent
/// to it. It takes the place of an earlier phone.
///
/// # Errors
/// When text messages are not set up, the number is invalid or verified already, the sign-in is not recent, or too many
/// codes or text messages were sent.
pub async fn set_phone(
    context: &Context,
    post: &Post,
    viewer: &Viewer,
    typed: &str,
) -> Result<(), ActionError> {
    let number = phone_number(typed)?;
    if !post.channels.has(SMS) {
        return Err(no_texts().into());
    }
    let mut tx = context.begin().await?;
    // Keeps concurrent requests from each counting too few codes.
    tx.serialize("notifications.phones").await?;
    let (person, now) = (viewer.user_id, context.now());
    freshly(identity::reads::signed_in_at(&tx, viewer).await?, now)?;
    let own = reads::phone(&tx, person).await?;
    let verified = own.filter(Phone::is_verified);
    if verified.as_ref().is_some_and(|own| own.number == number) {
        return Err(verified_already().into());
    }
    let day_ago = now - TimeDelta::days(1);
    let own = outbox::sent_since(&tx, person.0, SMS, CountedKinds::Only(CODE), day_ago).await?;
    let others = outbox::texted_since(&tx, person.0, CODE, &number, day_ago).await?;
    if own >= CODES_PER_DAY || others >= OTHERS_PER_DAY {
        return Err(too_many().into());
    }
    if texts::level(&tx, context, post).await? == TextLevel::Reached {
        return Err(no_more_texts().into());
    }
    if verified.is_some() {
        note(&tx, context, viewer, "phone.remove", (None, None)).await?;
    }
    let (id, code) = (context.ids.next(), code(crypto::random()?));
    phones::save(&tx, id, person, &number, hashed(person, &code), now).await?;
    forget_texts(&tx, person, now).await?;
    let key = Key { person: person.0, kind: CODE, object: id, occurrence: "", channel: SMS };
    let content = text(&code, post, code_ends(now));
    enqueue(&mut tx, context, key, &number, &content, now).await?;
    Ok(tx.commit().await?)
}

/// Writes the text message. The code is first, because a long text is cut.
fn text(code: &str, post: &Post, ends: Timestamp) -> Content {
    let line = format!(
        "{code} is your code for {}. It can be used for 10 minutes. Not you? Reply STOP.",
        post.community
    );
    Content {
        link: None,
        is_urgent: true,
        expires_at: Some(ends),
        ..Content::line(&line, String::new())
    }
}

/// Hashes a code for storage.
fn hashed(person: UserId, code: &str) -> Vec<u8> {
    hash(&format!("{}:{code}", person.0))
}

/// Verifies a person's phone with the code that was sent to it. A wrong code is counted.
///
/// # Errors
/// When it has not six digits, no code was sent, it has expired, five wrong ones were entered, or it is another one.
pub async fn verify_phone(
    context: &Context,
    viewer: &Viewer,
    typed: &str,
) -> Result<(), ActionError> {
    let code = typed_code(typed)?;
    let tx = context.begin().await?;
    // Keeps concurrent requests from trying more codes than are counted.
    tx.serialize("notifications.phones").await?;
    let (person, now) = (viewer.user_id, context.now());
    let sent = phones::unverified(&tx, person).await?;
    let usable = sent.filter(|sent| is_usable(sent.code_sent_at, sent.wrong_codes, now));
    let Some(sent) = usable else {
        return Err(no_code().into());
    };
    if hashed(person, &code) != sent.code_hash {
        phones::count_wrong(&tx, sent.id).await?;
        tx.commit().await?;
        return Err(wrong_code().into());
    }
    phones::verify(&tx, sent.id, now).await?;
    note(&tx, context, viewer, "phone.verify", (None, None)).await?;
    Ok(tx.commit().await?)
}

/// Removes a person's phone, with the text messages that wait to be sent to it; returns whether they had one.
pub async fn remove_phone(context: &Context, viewer: &Viewer) -> Result<bool, DbError> {
    let tx = context.begin().await?;
    tx.serialize("notifications.phones").await?;
    let removed = phones::remove(&tx, viewer.user_id).await?;
    if removed {
        forget_texts(&tx, viewer.user_id, context.now()).await?;
        note(&tx, context, viewer, "phone.remove", (None, None)).await?;
    }
    tx.commit().await?;
    Ok(removed)
}

/// Cancels the codes of an earlier phone, which are still counted, and deletes the other messages that wait to be sent to it.
async fn forget_texts(tx: &Tx, person: UserId, now: Timestamp) -> Result<(), DbError> {
    outbox::cancel(tx, person.0, CODE, now).await?;
    outbox::forget_waiting(tx, person.0, SMS).await
}

/// Deletes the phones that were not verified, whose code was sent before an instant; returns their number.
pub async fn forget_unverified_phones(
    context: &Context,
    before: Timestamp,
) -> Result<u64, DbError> {
    let tx = context.begin().await?;
    let forgotten = phones::forget_unverified(&tx, before).await?;
    tx.commit().await?;
    Ok(forgotten)
}

fn no_texts() -> Problem {
    let detail =
        "This server cannot send text messages. Ask an admin to set it up at /admin/settings.";
    Problem::new(ProblemKind::Conflict, "TEXTS_NOT_CONFIGURED", detail)
}

fn verified_already() -> Problem {
    let detail = "You have already verified this phone number.";
    Problem::new(ProblemKind::Conflict, "PHONE_ALREADY_VERIFIED", detail).at("number")
}

fn no_more_texts() -> Problem {
    let detail =
        "This server has sent the maximum number of text messages of a day. Try again tomorrow.";
    Problem::new(ProblemKind::TooManyRequests, "TOO_MANY_TEXTS", detail).after(86_400)
}

fn too_many() -> Problem {
    let detail = "Too many codes were requested for you or for this number in the last 24 hours. Try again in 24 hours.";
    Problem::new(ProblemKind::TooManyRequests, "TOO_MANY_CODES", detail).after(86_400)
}

fn no_code() -> Problem {
    let detail = "No code can be used now: none was sent in the last 10 minutes, or five wrong ones were entered. Request a new one.";
    Problem::new(ProblemKind::Conflict, "CODE_INVALID", detail).at("code")
}

fn wrong_code() -> Problem {
    let detail = "This is not the code that was sent to your phone. Check the last text message.";
    Problem::new(ProblemKind::Conflict, "CODE_INVALID", detail).at("code")
}
