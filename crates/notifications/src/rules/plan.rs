use kernel::Timestamp;

use super::time::{after_quiet, morning};
use crate::model::{DIGEST, DeliverySettings, NewsKind, NewsMode};

/// A decision about the email of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mail {
    Not,
    /// An email of its own at an instant.
    At(Timestamp),
    /// A line in the digest that is sent at an instant.
    InDigest(Timestamp),
}

/// Decides how to email a notification to a person who chose `mode` and received `today` emails this day.
#[must_use]
pub fn mail(
    kind: &NewsKind,
    mode: NewsMode,
    settings: &DeliverySettings,
    today: i64,
    now: Timestamp,
) -> Mail {
    if kind.is_security {
        return Mail::At(now);
    }
    match mode {
        NewsMode::Off => Mail::Not,
        NewsMode::Instant if today < settings.daily_cap => {
            Mail::At(after_quiet(now, settings.timezone, settings.quiet))
        }
        NewsMode::Instant | NewsMode::Digest => Mail::InDigest(morning(now, settings.timezone)),
    }
}

/// Decides when a browser or a phone shows a notification to a person who chose `mode`, if it has shown
/// `today` notifications this day. Beyond the daily maximum, a notification appears only in the inbox.
#[must_use]
pub fn short(
    kind: &NewsKind,
    mode: NewsMode,
    settings: &DeliverySettings,
    today: i64,
    now: Timestamp,
) -> Option<Timestamp> {
    let at = || after_quiet(now, settings.timezone, settings.quiet);
    match mode {
        _ if kind.is_security => Some(now),
        NewsMode::Instant if kind.is_pushed && today < settings.daily_cap => Some(at()),
        NewsMode::Off | NewsMode::Instant | NewsMode::Digest => None,
    }
}

/// Decides whether a notification is sent to the webhooks of a person who chose `mode`.
#[must_use]
pub fn webhook(kind: &NewsKind, mode: NewsMode) -> bool {
    kind.is_security || (mode == NewsMode::Instant && kind.code != DIGEST.code)
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
    fn choices_apply_to_all_but_security_notifications() {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        let (now, morning) = (at("2026-11-01T23:00:00Z"), at("2026-11-02T08:00:00Z"));
        let quiet = DeliverySettings {
            quiet: Some((22 * 60, 6 * 60)),
            daily_cap: 2,
            ..DeliverySettings::default()
        };
        let open = DeliverySettings::default();
        let plan =
            |kind, mode, settings: &DeliverySettings, today| mail(kind, mode, settings, today, now);
        for (mode, settings, today, expected) in [
            (NewsMode::Off, &open, 0, Mail::Not),
            (NewsMode::Instant, &open, 19, Mail::At(now)),
            (NewsMode::Instant, &open, 20, Mail::InDigest(morning)),
            (NewsMode::Digest, &open, 0, Mail::InDigest(morning)),
            (NewsMode::Instant, &quiet, 1, Mail::At(at("2026-11-02T06:00:00Z"))),
            (NewsMode::Instant, &quiet, 2, Mail::InDigest(morning)),
        ] {
            assert_eq!(plan(&NEWS, mode, settings, today), expected, "{mode:?} {today}");
            assert_eq!(plan(&NEW_DEVICE, mode, settings, 99), Mail::At(now));
        }
    }

    #[test]
    fn browsers_and_phones_are_never_sent_digests() {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        let now = at("2026-11-01T23:00:00Z");
        let quiet = DeliverySettings {
            quiet: Some((22 * 60, 6 * 60)),
            daily_cap: 2,
            ..DeliverySettings::default()
        };
        let open = DeliverySettings::default();
        let short = |kind, mode, settings: &DeliverySettings, today| {
            short(kind, mode, settings, today, now)
        };
        for (mode, settings, today, expected) in [
            (NewsMode::Off, &open, 0, None),
            (NewsMode::Digest, &open, 0, None),
            (NewsMode::Instant, &open, 19, Some(now)),
            (NewsMode::Instant, &open, 20, None),
            (NewsMode::Instant, &quiet, 1, Some(at("2026-11-02T06:00:00Z"))),
        ] {
            assert_eq!(short(&NEWS, mode, settings, today), expected, "{mode:?}");
            assert_eq!(short(&NEW_DEVICE, mode, settings, 99), Some(now));
        }
        assert_eq!(short(&DIGEST, NewsMode::Instant, &open, 0), None);
    }

    #[test]
    fn webhooks_get_all_but_digests_unless_turned_off() {
        for (mode, expected) in
            [(NewsMode::Instant, true), (NewsMode::Off, false), (NewsMode::Digest, false)]
        {
            assert_eq!(webhook(&NEWS, mode), expected, "{mode:?}");
            assert!(webhook(&NEW_DEVICE, mode));
            assert!(!webhook(&DIGEST, mode));
        }
    }
}
