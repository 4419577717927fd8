//! Dates, codes, questions and skills by anyone never cause a panic.

use chrono_tz::Tz;

use super::{
    applications::{ApplicationDetails, ApplicationInput},
    details::{lines_of_questions, questions_of_lines, tags_of_field},
    instants::{for_field, instant},
    teams::{read_code, shown_code},
};

/// Accepted text is stored and shown, and must be accepted again in the form in which pages show it.
#[test]
fn dates_codes_and_lists() {
    bolero::check!().for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        for zone in [Tz::UTC, Tz::Europe__Lisbon, Tz::Pacific__Apia] {
            if let Ok(at) = instant("at", &text, zone) {
                let again = instant("at", &for_field(at, zone), zone).expect("a date");
                assert!((at - again).num_minutes() <= 120, "{text}");
                assert_eq!(instant("at", &at.to_rfc3339(), zone), Ok(at));
            }
        }
        if let Ok(code) = read_code(&text) {
            assert_eq!(read_code(&shown_code(&code)), Ok(code));
        }
        let questions = questions_of_lines(&text);
        let again = questions_of_lines(&lines_of_questions(&questions));
        assert!(again.len() <= questions.len());
        let _ = tags_of_field(&text);
        let input = ApplicationInput {
            motivation: text.clone().into_owned(),
            skills: text.clone().into_owned(),
            answers: vec![text.into_owned()],
            conduct_version: 1,
            is_looking_for_team: false,
        };
        if let Ok(read) = ApplicationDetails::read(&input, &questions[..questions.len().min(1)], 1)
        {
            assert!(read.skills.len() <= 15);
        }
    });
}
