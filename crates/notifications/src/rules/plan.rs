use kernel::Timestamp;

use super::time::{after_quiet, morning};
use crate::model::{Kind, Mode, Settings};

/// How news is mailed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mail {
    /// Not at all.
    Not,
    /// By itself, at an instant.
    At(Timestamp),
    /// In the summary that is written at an instant.
    InDigest(Timestamp),
}

/// How news of a kind is mailed to a person who chose `mode` and was written `today` letters this day.
#[must_use]
pub fn mail(kind: &Kind, mode: Mode, settings: &Settings, today: i64, now: Timestamp) -> Mail {
    if kind.is_security {
        return Mail::At(now);
    }
    match mode {
        Mode::Off => Mail::Not,
        Mode::Instant if today < settings.daily_cap => {
            Mail::At(after_quiet(now, settings.timezone, settings.quiet))
        }
        Mode::Instant | Mode::Digest => Mail::InDigest(morning(now, settings.timezone)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::NEW_DEVICE;

    const NEWS: Kind = Kind {
        code: "news",
        what: "News",
        is_security: false,
        mail: Mode::Instant,
    };

    #[test]
    fn what_was_chosen_holds_but_for_security() {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        let (now, morning) = (at("2026-11-01T23:00:00Z"), at("2026-11-02T08:00:00Z"));
        let quiet = Settings {
            quiet: Some((22 * 60, 6 * 60)),
            daily_cap: 2,
            ..Settings::default()
        };
        let open = Settings::default();
        let plan = |kind, mode, settings: &Settings, today| mail(kind, mode, settings, today, now);
        for (mode, settings, today, expected) in [
            (Mode::Off, &open, 0, Mail::Not),
            (Mode::Instant, &open, 19, Mail::At(now)),
            (Mode::Instant, &open, 20, Mail::InDigest(morning)),
            (Mode::Digest, &open, 0, Mail::InDigest(morning)),
            (
                Mode::Instant,
                &quiet,
                1,
                Mail::At(at("2026-11-02T06:00:00Z")),
            ),
            (Mode::Instant, &quiet, 2, Mail::InDigest(morning)),
        ] {
            assert_eq!(
                plan(&NEWS, mode, settings, today),
                expected,
                "{mode:?} {today}"
            );
            assert_eq!(plan(&NEW_DEVICE, mode, settings, 99), Mail::At(now));
        }
    }
}
