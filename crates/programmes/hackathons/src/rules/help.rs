//! Requests of teams for help, and what mentors do with them.

use kernel::{Problem, ProblemKind, typed};

use super::invalid;
use crate::model::{HelpState, Phase};

/// The maximum number of characters of a topic.
pub const TOPIC: usize = 500;
/// The maximum number of characters of the place of a team: a table or an address.
pub const PLACE: usize = 100;
/// The maximum number of characters of an answer.
pub const ANSWER: usize = 500;

/// A request as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HelpInput {
    pub topic: String,
    /// The place of the team: a table or an address.
    pub place: String,
}

/// A valid request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HelpDetails {
    /// The topic, 1 to [`TOPIC`] characters.
    pub topic: String,
    /// The place of the team, a line of 1 to [`PLACE`] characters.
    pub place: String,
}

impl HelpDetails {
    /// Returns the request that an input describes.
    ///
    /// # Errors
    /// When a field is missing or not valid. The problem names the field.
    pub fn read(input: &HelpInput) -> Result<Self, Problem> {
        let topic = typed::paragraphs(&input.topic, "The topic", TOPIC);
        let topic = topic.map_err(|detail| invalid("topic", detail))?;
        if topic.is_empty() {
            let detail = "Write what you need help with.".to_owned();
            return Err(invalid("topic", detail));
        }
        let place = typed::line(&input.place, "The place", PLACE);
        Ok(Self { topic, place: place.map_err(|detail| invalid("place", detail))? })
    }
}

/// Reads the answer of a mentor.
///
/// # Errors
/// When it is missing or not valid.
pub fn read_answer(typed: &str) -> Result<String, Problem> {
    let answer = typed::paragraphs(typed, "The answer", ANSWER);
    let answer = answer.map_err(|detail| invalid("answer", detail))?;
    if answer.is_empty() {
        Err(invalid("answer", "Write a short answer.".to_owned()))
    } else {
        Ok(answer)
    }
}

/// Refuses a request that the phase does not allow, or of a team that has an open one.
///
/// # Errors
/// When teams do not build now, or the team waits for help.
pub fn may_ask(title: &str, phase: Phase, has_open: bool) -> Result<(), Problem> {
    if phase != Phase::Submission {
        let detail = format!("Mentors of {title} help while submissions are open. See its dates.");
        return Err(Problem::new(ProblemKind::Conflict, "HACKATHON_PHASE", detail));
    }
    if has_open {
        let detail = "Your team has an open request. Withdraw it first, or wait for a mentor.";
        Err(Problem::new(ProblemKind::Conflict, "HELP_REQUEST_OPEN", detail))
    } else {
        Ok(())
    }
}

/// A step that a mentor takes with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HelpStep {
    /// They take it, and go to the team.
    Take,
    /// They hand it back, so that it waits at its former place.
    HandBack,
    /// They close it with an answer.
    Close,
}

impl HelpStep {
    /// Returns the step that leads to a state with a name.
    ///
    /// # Errors
    /// When mentors cannot lead a request to it.
    pub fn to(state: &str) -> Result<Self, Problem> {
        match HelpState::named(state) {
            Some(HelpState::Taken) => Ok(Self::Take),
            Some(HelpState::Waiting) => Ok(Self::HandBack),
            Some(HelpState::Answered) => Ok(Self::Close),
            _ => {
                let detail = format!("'{state}' is not a state. Use taken, waiting or answered.");
                Err(invalid("state", detail))
            }
        }
    }

    /// Returns the state that it leads to.
    #[must_use]
    pub const fn state(self) -> HelpState {
        match self {
            Self::Take => HelpState::Taken,
            Self::HandBack => HelpState::Waiting,
            Self::Close => HelpState::Answered,
        }
    }
}

/// Says who has a request, for the person who takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HelpHolder<'a> {
    /// No mentor.
    Free,
    Own,
    /// Another mentor, by login.
    Other(&'a str),
}

/// Returns whether a step changes a request: one that the person has already taken does nothing again. Organizers hand back and close
/// requests of others.
///
/// # Errors
/// When the request is closed, another mentor has it, or no one took it before it is closed.
pub fn admit(
    state: HelpState,
    holder: HelpHolder<'_>,
    step: HelpStep,
    organizes: bool,
) -> Result<bool, Problem> {
    if !state.is_open() {
        return Err(unexpected(format!(
            "The request is {}, so it can no longer be changed.",
            state.heading().to_lowercase()
        )));
    }
    match (step, holder) {
        (HelpStep::Take, HelpHolder::Free) => Ok(true),
        (HelpStep::Take, HelpHolder::Own) | (HelpStep::HandBack, HelpHolder::Free) => Ok(false),
        (HelpStep::Close, HelpHolder::Free) => {
            Err(unexpected("Take the request before you close it.".to_owned()))
        }
        (HelpStep::HandBack | HelpStep::Close, HelpHolder::Own) => Ok(true),
        (HelpStep::HandBack | HelpStep::Close, HelpHolder::Other(_)) if organizes => Ok(true),
        (_, HelpHolder::Other(login)) => Err(unexpected(format!(
            "{login} has taken the request. Take another one, or ask them to hand it back."
        ))),
    }
}

fn unexpected(detail: String) -> Problem {
    Problem::new(ProblemKind::Conflict, "HELP_REQUEST_STATE", detail)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn input(topic: &str, place: &str) -> HelpInput {
        HelpInput { topic: topic.to_owned(), place: place.to_owned() }
    }

    #[test]
    fn fields_are_read_or_refused_by_name() {
        let read = HelpDetails::read(&input(" The tide API\r\nreturns 401. ", " Table 7 "));
        let expected = HelpDetails {
            topic: "The tide API\nreturns 401.".to_owned(),
            place: "Table 7".to_owned(),
        };
        assert_eq!(read, Ok(expected));
        let long = "a".repeat(TOPIC + 1);
        for (field, input) in [
            ("topic", input(" \n ", "Table 7")),
            ("topic", input(&long, "Table 7")),
            ("place", input("Help", " ")),
            ("place", input("Help", "Table\n7")),
            ("place", input("Help", &long[..=PLACE])),
        ] {
            let refused = HelpDetails::read(&input).expect_err(field);
            assert_eq!(refused.field, Some(field));
        }
        assert_eq!(read_answer(" Use v2. "), Ok("Use v2.".to_owned()));
        for answer in [" ", long.as_str()] {
            let refused = read_answer(answer).expect_err("refused");
            assert_eq!(refused.field, Some("answer"));
        }
    }

    #[test]
    fn teams_ask_while_they_build_once_at_a_time() {
        for phase in Phase::ALL {
            let may = may_ask("Low Tide", phase, false);
            assert_eq!(may.is_ok(), phase == Phase::Submission, "{phase:?}");
        }
        let refused = may_ask("Low Tide", Phase::Submission, true).expect_err("open");
        assert_eq!(refused.code, "HELP_REQUEST_OPEN");
    }

    #[test]
    fn one_mentor_has_a_request_at_a_time() {
        use HelpHolder::{Free, Other, Own};
        use HelpState::{Answered, Taken, Waiting, Withdrawn};
        use HelpStep::{Close, HandBack, Take};
        for (state, holder, step, organizes, expected) in [
            (Waiting, Free, Take, false, Some(true)),
            (Waiting, Free, HandBack, false, Some(false)),
            (Waiting, Free, Close, true, None),
            (Taken, Own, Take, false, Some(false)),
            (Taken, Own, HandBack, false, Some(true)),
            (Taken, Own, Close, false, Some(true)),
            (Taken, Other("mo"), Take, true, None),
            (Taken, Other("mo"), HandBack, false, None),
            (Taken, Other("mo"), HandBack, true, Some(true)),
            (Taken, Other("mo"), Close, false, None),
            (Taken, Other("mo"), Close, true, Some(true)),
            (Answered, Own, HandBack, true, None),
            (Withdrawn, Free, Take, true, None),
        ] {
            let admitted = admit(state, holder, step, organizes);
            assert_eq!(admitted.ok(), expected, "{state:?} {holder:?} {step:?}");
        }
        for step in [Take, HandBack, Close] {
            assert_eq!(HelpStep::to(step.state().as_str()), Ok(step));
        }
        for state in ["withdrawn", "lost", ""] {
            let refused = HelpStep::to(state).expect_err("no step");
            assert_eq!(refused.field, Some("state"));
        }
    }

    proptest! {
        #[test]
        fn accepted_text_is_read_again(topic in "(?s).{0,60}", place in ".{0,110}") {
            if let Ok(read) = HelpDetails::read(&input(&topic, &place)) {
                prop_assert!(!read.topic.is_empty() && !read.place.contains('\n'));
                prop_assert_eq!(HelpDetails::read(&input(&read.topic, &read.place)), Ok(read));
            }
        }
    }
}
