//! The form of a new hackathon, in words.

use kernel::{counted, listed};

use super::{judging::settings::JudgingSettings, reminders};
use crate::model::{CheckKind, Places, Visibility};

/// Returns the host of a site as people know it; empty for one with a port or without a name, such as that of a test on one's own
/// machine.
#[must_use]
pub fn host(site: &str) -> &str {
    let host = site.split_once("://").map_or(site, |(_, host)| host).trim_end_matches('/');
    let is_name = |host: &str| host.contains('.') && host.contains(char::is_alphabetic);
    if is_name(host) && !host.contains(':') { host } else { "" }
}

/// Returns who can apply and how places are given, in words.
#[must_use]
pub fn applications(open: Visibility, places: Places, questions: usize) -> String {
    let open = match open {
        Visibility::Public => "open to everyone",
        Visibility::InviteOnly => "open with the invitation link",
        Visibility::Private => "open with the invitation link, not listed",
    };
    let places = match places {
        Places::Automatic => "accepted at once",
        Places::Review => "accepted after a review",
    };
    let questions = match questions {
        0 => "no questions".to_owned(),
        number => counted(number, "question", "questions"),
    };
    format!("{open}, {places}, {questions}")
}

/// Returns what is set after the draft is made: its name, and what holds until then.
#[must_use]
pub fn later() -> [(&'static str, String); 4] {
    let judging = JudgingSettings::default();
    let checks = CheckKind::ALL.len();
    let reminders = reminders::USUAL.map(reminders::left);
    [
        ("What to submit", format!("a repository; {checks} checks run by themselves")),
        ("Judging", format!("a rubric, {} scores for each project", judging.looks)),
        ("Prizes and tracks", "none until you add them".to_owned()),
        ("Messages", format!("reminders {} before the end", listed(&reminders, "and"))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_shown_if_it_has_a_name() {
        for (site, shown) in [
            ("https://fenwick.example", "fenwick.example"),
            ("https://fenwick.example/", "fenwick.example"),
            ("http://127.0.0.1:8080", ""),
            ("http://192.0.2.7", ""),
            ("http://[2001:db8::7]", ""),
            ("http://localhost", ""),
        ] {
            assert_eq!(host(site), shown, "{site}");
        }
    }

    #[test]
    fn applications_are_described_in_a_sentence() {
        for (open, places, questions, said) in [
            (
                Visibility::Public,
                Places::Automatic,
                0,
                "open to everyone, accepted at once, no questions",
            ),
            (
                Visibility::Private,
                Places::Review,
                1,
                "open with the invitation link, not listed, accepted after a review, 1 question",
            ),
        ] {
            assert_eq!(applications(open, places, questions), said);
        }
    }

    #[test]
    fn what_is_set_later_says_what_holds_until_then() {
        let said = later().map(|(_, sentence)| sentence);
        assert!(said[0].contains("7 checks") && said[1].contains("3 scores"), "{said:?}");
        assert_eq!(said[3], "reminders 7 days, 1 day, 6 hours and 1 hour before the end");
    }
}
