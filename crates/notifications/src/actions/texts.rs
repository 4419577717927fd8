use chrono::TimeDelta;
use kernel::counted;
use platform::{
    Context,
    alerts::{Incident, Severity},
    db::{DbError, Sql},
    outbox::{self, Post, SMS},
};

use crate::rules::{TextLevel, text_level};

/// The kind of alert about the number of text messages.
pub(crate) const TEXTS: &str = "text_messages";

/// Returns how near the text messages to all people in the last 24 hours are to their maximum.
pub(super) async fn level(
    db: &impl Sql,
    context: &Context,
    post: &Post,
) -> Result<TextLevel, DbError> {
    let sent = outbox::texts_since(db, context.now() - TimeDelta::days(1)).await?;
    Ok(text_level(sent, post.texts_per_day))
}

/// Returns the incident of many text messages, before and when the maximum is reached.
///
/// # Errors
/// When the database fails.
pub(crate) async fn watch_texts(context: &Context, post: &Post) -> Result<Vec<Incident>, DbError> {
    if !post.channels.has(SMS) {
        return Ok(Vec::new());
    }
    let most = counted(post.texts_per_day.unsigned_abs(), "text message", "text messages");
    let (severity, title) = match level(&context.db, context, post).await? {
        TextLevel::Usual => return Ok(Vec::new()),
        TextLevel::High => {
            (Severity::Medium, format!("At least four fifths of {most} a day were sent"))
        }
        TextLevel::Reached => (Severity::High, format!("All of {most} a day were sent")),
    };
    Ok(vec![Incident {
        subject: "people".to_owned(),
        severity,
        title,
        text: "At the maximum, people get no codes and no notifications by text message until the earlier ones are a day old. Open \
               the page to see who gets them; to permit more, raise GUILDHALL_TEXTS_PER_DAY, and restart."
            .to_owned(),
        link: "/admin/notifications?channel=sms",
    }])
}
