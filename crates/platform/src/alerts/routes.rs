//! The channels of an alert.

use crate::outbox::SMS;

/// The channels that an alert says something about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Concern<'a> {
    Nothing,
    /// A channel may not work.
    Channel(&'a str),
    /// One of the channels, unknown which, may not work.
    Unknown,
}

/// Returns what the alert with a kind and a subject says about channels.
pub(super) fn concern<'a>(kind: &str, subject: &'a str) -> Concern<'a> {
    match kind {
        "outbox_waiting" | "service_failing" => Concern::Channel(subject),
        "text_messages" => Concern::Channel(SMS),
        "dead_letters" if subject.starts_with("outbox:") => Concern::Unknown,
        _ => Concern::Nothing,
    }
}

/// Returns the channels of an alert: those that are chosen, as far as they have an address. One that may not work never carries the
/// alert about it alone, if another one has an address. `set` are the channels with an address, the preferred ones first.
pub(super) fn routes(
    chosen: &[&'static str],
    set: &[&'static str],
    concern: Concern<'_>,
) -> Vec<&'static str> {
    let usable = |channel: &&str| set.contains(channel);
    let mut routes: Vec<&'static str> = chosen.iter().copied().filter(usable).collect();
    let is_alone = match (concern, routes.as_slice()) {
        (Concern::Channel(channel), [only]) => *only == channel,
        (Concern::Unknown, [_]) => true,
        _ => false,
    };
    if is_alone {
        let other = set.iter().find(|channel| !routes.contains(channel));
        routes.extend(other);
    }
    routes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::{EMAIL, SLACK};

    #[test]
    fn alerts_about_a_channel_go_by_another_too() {
        const ALL: &[&str] = &[SLACK, EMAIL, SMS];
        let email = Concern::Channel(EMAIL);
        for (chosen, set, concern, expected) in [
            (&[EMAIL][..], ALL, Concern::Nothing, &[EMAIL][..]),
            (&[SLACK, EMAIL], &[EMAIL], Concern::Nothing, &[EMAIL]),
            (&[EMAIL], ALL, email, &[EMAIL, SLACK]),
            (&[EMAIL], &[EMAIL, SMS], email, &[EMAIL, SMS]),
            (&[EMAIL], &[EMAIL], email, &[EMAIL]),
            (&[SLACK, EMAIL], ALL, email, &[SLACK, EMAIL]),
            (&[SLACK], ALL, email, &[SLACK]),
            (&[SLACK], ALL, Concern::Unknown, &[SLACK, EMAIL]),
            (&[SLACK, EMAIL], ALL, Concern::Unknown, &[SLACK, EMAIL]),
            (&[], ALL, Concern::Unknown, &[]),
            (&[EMAIL], &[], email, &[]),
        ] {
            assert_eq!(routes(chosen, set, concern), expected, "{chosen:?} {set:?} {concern:?}");
        }
    }

    #[test]
    fn alerts_say_which_channel_they_are_about() {
        for (kind, subject, expected) in [
            ("outbox_waiting", "email", Concern::Channel("email")),
            ("service_failing", "email", Concern::Channel("email")),
            ("service_failing", "github", Concern::Channel("github")),
            ("text_messages", "maximum", Concern::Channel(SMS)),
            ("dead_letters", "outbox: Slack responded #", Concern::Unknown),
            ("dead_letters", "settlement: outbox: no", Concern::Nothing),
            ("error_rate", "outbox:", Concern::Nothing),
        ] {
            assert_eq!(concern(kind, subject), expected, "{kind} {subject}");
        }
    }
}
