use kernel::{Problem, ProblemKind};

use crate::model::{DIGEST, NewsKind, NewsMode};

/// Parses a person's choice of how a kind is emailed.
///
/// # Errors
/// When the mode is unknown, or the kind is always sent.
pub fn choice(kind: &NewsKind, mode: &str) -> Result<NewsMode, Problem> {
    let (code, what) = (kind.code, kind.title);
    match NewsMode::named(mode) {
        _ if kind.is_security && mode != NewsMode::Instant.as_str() => {
            let detail = format!("'{what}' is a security notification and is always sent.");
            Err(Problem::new(ProblemKind::Invalid, "SECURITY_NOTIFICATION", detail))
        }
        Some(mode) if mode != NewsMode::Digest || code != DIGEST.code => Ok(mode),
        _ => {
            let valid =
                if code == DIGEST.code { "off or instant" } else { "off, instant or digest" };
            let detail = format!("'{mode}' is not a valid setting for {code}. Use {valid}.");
            Err(Problem::new(ProblemKind::Invalid, "NO_SUCH_MODE", detail))
        }
    }
}

/// Parses a person's choice of whether a kind is sent to browsers.
///
/// # Errors
/// When the mode is unknown, or the kind is always or never sent to browsers.
pub fn push_choice(kind: &NewsKind, mode: &str) -> Result<NewsMode, Problem> {
    instant_choice(kind, mode, ("browser", "to browsers", "push"), kind.is_pushed)
}

/// Parses a person's choice of whether a kind is sent as a text message.
///
/// # Errors
/// When the mode is unknown, or the kind is always or never sent as a text message.
pub fn text_choice(kind: &NewsKind, mode: &str) -> Result<NewsMode, Problem> {
    let words = ("text message", "as text messages", "sms");
    instant_choice(kind, mode, words, kind.is_pushed)
}

/// Parses a person's choice of whether a kind is sent to webhooks.
///
/// # Errors
/// When the mode is unknown, or the kind is always or never sent to webhooks.
pub fn webhook_choice(kind: &NewsKind, mode: &str) -> Result<NewsMode, Problem> {
    let is_sent = kind.code != DIGEST.code;
    instant_choice(kind, mode, ("webhook", "to webhooks", "webhook"), is_sent)
}

/// Parses a choice for a channel without a digest; the words are its name, how it is sent to, and the field.
fn instant_choice(
    kind: &NewsKind,
    mode: &str,
    (channel, sent, field): (&str, &str, &str),
    is_sent: bool,
) -> Result<NewsMode, Problem> {
    let code = kind.code;
    let refused = |detail| Err(Problem::new(ProblemKind::Invalid, "NO_SUCH_MODE", detail));
    if !is_sent {
        return refused(format!(
            "The kind '{code}' is not sent {sent}. Leave it out of `{field}`."
        ));
    }
    match choice(kind, mode)? {
        mode @ (NewsMode::Off | NewsMode::Instant) => Ok(mode),
        NewsMode::Digest => refused(format!(
            "'{mode}' is not a valid {channel} setting for {code}. Use off or instant; digests are not sent {sent}."
        )),
    }
}

/// Parses a time of day, such as `22:00`, into minutes since midnight; `None` when it is empty.
///
/// # Errors
/// When it is not a time of day.
pub fn minutes(text: &str) -> Result<Option<u32>, Problem> {
    let read = |text: &str| {
        let (hours, minutes) = text.split_once(':')?;
        let two_digits = |part: &str| part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        if !two_digits(hours) || !two_digits(minutes) {
            return None;
        }
        let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
        (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
    };
    let text = text.trim();
    match read(text) {
        _ if text.is_empty() => Ok(None),
        Some(minutes) => Ok(Some(minutes)),
        None => {
            let detail = format!("'{text}' is not a time of day. Use the form 22:00.");
            Err(Problem::new(ProblemKind::Invalid, "BAD_TIME", detail))
        }
    }
}

/// Formats minutes since midnight as a time of day, such as `22:00`.
#[must_use]
pub fn clock(minutes: u32) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::NEW_DEVICE;

    const NEWS: NewsKind = NewsKind {
        code: "news",
        title: "News",
        is_pushed: true,
        is_security: false,
        mail: NewsMode::Instant,
        flag: None,
    };

    #[test]
    fn times_of_day_are_parsed_and_formatted() {
        for (text, read) in [("", None), ("00:00", Some(0)), ("22:05", Some(1_325))] {
            assert_eq!(minutes(text), Ok(read));
        }
        assert_eq!(clock(1_325), "22:05");
        for wrong in ["24:00", "9:00", "12:60", "noon", "+1:00", "12:00:00"] {
            assert_eq!(minutes(wrong).expect_err(wrong).code, "BAD_TIME");
        }
    }

    #[test]
    fn security_notifications_cannot_be_turned_off() {
        let code = |kind, mode| choice(kind, mode).map_err(|problem| problem.code);
        assert_eq!(code(&NEW_DEVICE, "instant"), Ok(NewsMode::Instant));
        assert_eq!(code(&NEW_DEVICE, "off"), Err("SECURITY_NOTIFICATION"));
        assert_eq!(code(&DIGEST, "off"), Ok(NewsMode::Off));
        assert_eq!(code(&DIGEST, "digest"), Err("NO_SUCH_MODE"));
        assert_eq!(code(&DIGEST, "sometimes"), Err("NO_SUCH_MODE"));
        let code = |kind, mode| push_choice(kind, mode).map_err(|problem| problem.code);
        assert_eq!(code(&NEW_DEVICE, "instant"), Ok(NewsMode::Instant));
        assert_eq!(code(&NEW_DEVICE, "off"), Err("SECURITY_NOTIFICATION"));
        assert_eq!(code(&NEWS, "off"), Ok(NewsMode::Off));
        assert_eq!(code(&NEWS, "digest"), Err("NO_SUCH_MODE"));
        assert_eq!(code(&DIGEST, "off"), Err("NO_SUCH_MODE"));
        let code = |kind, mode| text_choice(kind, mode).map_err(|problem| problem.code);
        assert_eq!(code(&NEW_DEVICE, "off"), Err("SECURITY_NOTIFICATION"));
        assert_eq!(code(&NEWS, "instant"), Ok(NewsMode::Instant));
        assert_eq!(code(&NEWS, "digest"), Err("NO_SUCH_MODE"));
        assert_eq!(code(&DIGEST, "off"), Err("NO_SUCH_MODE"));
        let code = |kind, mode| webhook_choice(kind, mode).map_err(|problem| problem.code);
        assert_eq!(code(&NEW_DEVICE, "off"), Err("SECURITY_NOTIFICATION"));
        assert_eq!(code(&NEWS, "off"), Ok(NewsMode::Off));
        assert_eq!(code(&NEWS, "digest"), Err("NO_SUCH_MODE"));
        assert_eq!(code(&DIGEST, "off"), Err("NO_SUCH_MODE"));
    }
}
