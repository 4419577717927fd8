//! Validation of applications, and decisions about them.

use kernel::{Checks, Problem, ProblemKind, typed};
use serde::{Deserialize, Serialize};

use super::{details::Question, invalid};
use crate::model::{ANSWER, ApplicationStatus, MOST_QUESTIONS, Phase, SKILLS, Visibility};

/// The maximum number of skills, and of characters of one.
const SKILL: (usize, usize) = (15, 40);

/// An answer to a question, together with the question as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationAnswer {
    pub question: String,
    pub answer: String,
}

/// An application as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApplicationInput {
    /// Why the person wants to take part.
    pub motivation: String,
    /// Their skills, separated by commas.
    pub skills: String,
    /// The answers, each with the question that it answers.
    pub answers: Vec<ApplicationAnswer>,
    /// The version of the code of conduct that they accept; 0 if they do not.
    pub conduct_version: i64,
    /// True if others see that they are looking for a team.
    pub is_looking_for_team: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationDetails {
    /// Why the person wants to take part.
    pub motivation: String,
    pub skills: Vec<String>,
    /// The answers that are not empty.
    pub answers: Vec<ApplicationAnswer>,
    /// The version of the code of conduct that they accept.
    pub conduct_version: i64,
    /// True if others see that they are looking for a team.
    pub is_looking_for_team: bool,
}

impl ApplicationDetails {
    /// Validates an application to a hackathon with these questions and this version of the code of conduct.
    ///
    /// # Errors
    /// When a required answer is missing, a field is not valid, or the code of conduct changed. The problem names the field.
    pub fn read(
        input: &ApplicationInput,
        questions: &[Question],
        conduct_version: i64,
    ) -> Result<Self, Problem> {
        let motivation = typed::paragraphs(&input.motivation, "The text", ANSWER);
        let mut checks = Checks::default();
        let details = Self {
            motivation: checks.read(motivation.map_err(|detail| invalid("motivation", detail))),
            skills: checks.read(skills(&input.skills)),
            answers: checks.read(answers(&input.answers, questions)),
            conduct_version,
            is_looking_for_team: input.is_looking_for_team,
        };
        checks.read(accepts(input.conduct_version, conduct_version));
        checks.finish(details)
    }
}

/// Refuses an application that does not accept the current version of the code of conduct.
fn accepts(given: i64, current: i64) -> Result<(), Problem> {
    if given == current {
        return Ok(());
    }
    let problem = if given == 0 {
        let detail = "Accept the code of conduct to take part.".to_owned();
        invalid("conduct_version", detail)
    } else {
        let detail = format!(
            "The code of conduct changed. Read and accept version {current}, which is the current one."
        );
        Problem::new(ProblemKind::Conflict, "CONDUCT_OUTDATED", detail).at("conduct_version")
    };
    Err(problem)
}

/// Validates skills that are separated by commas. Each is listed once.
fn skills(typed: &str) -> Result<Vec<String>, Problem> {
    let line = typed::optional_line(typed, "The list of skills", SKILLS);
    let line = line.map_err(|detail| invalid("skills", detail))?;
    let (most, length) = SKILL;
    let mut skills: Vec<String> = Vec::new();
    let parts = line.split(',').map(str::trim).filter(|it| !it.is_empty());
    for skill in parts {
        if skill.chars().count() > length {
            let detail =
                format!("A skill has at most {length} characters. Separate them with commas.");
            return Err(invalid("skills", detail));
        }
        let is_new = |known: &String| known.to_lowercase() != skill.to_lowercase();
        if skills.iter().all(is_new) {
            skills.push(skill.to_owned());
        }
    }
    if skills.len() > most {
        Err(invalid("skills", format!("Name at most {most} skills.")))
    } else {
        Ok(skills)
    }
}

/// Validates answers by the questions that they answer, because questions may have changed since a person read them.
fn answers(
    given: &[ApplicationAnswer],
    questions: &[Question],
) -> Result<Vec<ApplicationAnswer>, Problem> {
    if given.len() > MOST_QUESTIONS {
        let detail =
            format!("A hackathon asks at most {MOST_QUESTIONS} questions. Send an answer to each.");
        return Err(invalid("answers", detail));
    }
    let is_asked =
        |it: &&ApplicationAnswer| questions.iter().any(|asked| asked.text == it.question);
    let mut outdated = given.iter().filter(|it| !it.answer.trim().is_empty() && !is_asked(it));
    if outdated.next().is_some() {
        let detail = "The questions changed. Answer those that are asked now.".to_owned();
        return Err(invalid("answers", detail));
    }
    let mut answers = Vec::new();
    for question in questions {
        let answer = given.iter().find(|it| it.question == question.text);
        let answer = answer.map(|it| it.answer.as_str()).unwrap_or_default();
        let what = format!("The answer to '{}'", question.text);
        let answer = if question.is_required && answer.trim().is_empty() {
            Err(format!("{what} is missing. Enter it."))
        } else {
            typed::paragraphs(answer, &what, ANSWER)
        };
        let answer = answer.map_err(|detail| invalid("answers", detail))?;
        if !answer.is_empty() {
            answers.push(ApplicationAnswer { question: question.text.clone(), answer });
        }
    }
    Ok(answers)
}

/// Returns whether a phase is one of late registration: after applications close and until submissions do.
#[must_use]
pub fn is_late_registration(phase: Phase) -> bool {
    matches!(phase, Phase::ApplicationsClosed | Phase::Submission)
}

/// Returns whether people apply in a phase of a hackathon, which may have late registration.
#[must_use]
pub fn takes_applications(phase: Phase, has_late_registration: bool) -> bool {
    phase == Phase::Applications || (has_late_registration && is_late_registration(phase))
}

/// Returns whether everyone can join a hackathon in a phase: a late application needs one of the free places. `None` means no
/// limit.
#[must_use]
pub fn takes_everyone(
    visibility: Visibility,
    phase: Phase,
    has_late_registration: bool,
    free: Option<i64>,
) -> bool {
    visibility == Visibility::Public
        && takes_applications(phase, has_late_registration)
        && (!is_late_registration(phase) || free.is_none_or(|free| free > 0))
}

/// Refuses an application that the phase, or an earlier one of the same person, does not allow.
///
/// # Errors
/// When applications are not open, or the earlier application was rejected.
pub fn may_apply(
    title: &str,
    phase: Phase,
    has_late_registration: bool,
    before: Option<ApplicationStatus>,
) -> Result<(), Problem> {
    if !takes_applications(phase, has_late_registration) {
        let detail = match phase {
            Phase::Draft | Phase::Upcoming => {
                format!("Applications for {title} are not open yet. See its dates.")
            }
            Phase::Canceled => format!("{title} is canceled."),
            _ => format!("Applications for {title} are closed."),
        };
        if phase.is_over() {
            return Err(Problem::new(ProblemKind::Conflict, "HACKATHON_CLOSED", detail));
        }
        return Err(Problem::new(ProblemKind::Conflict, "APPLICATIONS_CLOSED", detail));
    }
    if before == Some(ApplicationStatus::Rejected) {
        let detail = format!(
            "Your application for {title} was rejected. Ask its organizers to change that."
        );
        return Err(Problem::new(ProblemKind::Conflict, "APPLICATION_REJECTED", detail));
    }
    Ok(())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// The person gets a place, or a rank on the waitlist.
    Approve,
    /// The person cannot take part.
    Reject,
}

impl Decision {
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        match text {
            "approve" => Some(Self::Approve),
            "reject" => Some(Self::Reject),
            _ => None,
        }
    }

    /// Returns whether the decision would change an application. The waitlist moves in strict order, so an application on
    /// it is not approved by hand.
    #[must_use]
    pub fn changes(self, status: ApplicationStatus) -> bool {
        use ApplicationStatus::{PendingReview, Rejected, Withdrawn};
        match self {
            Self::Approve => matches!(status, PendingReview | Rejected),
            Self::Reject => !matches!(status, Rejected | Withdrawn),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn questions() -> Vec<Question> {
        let question = |text: &str, is_required| Question { text: text.to_owned(), is_required };
        vec![question("Why?", true), question("T-shirt", false)]
    }

    fn answer(question: &str, answer: &str) -> ApplicationAnswer {
        ApplicationAnswer { question: question.to_owned(), answer: answer.to_owned() }
    }

    fn input() -> ApplicationInput {
        ApplicationInput {
            motivation: "I keep the berth book.".to_owned(),
            skills: "Rust, rust , accessible forms".to_owned(),
            answers: vec![answer("Why?", "Because.")],
            conduct_version: 2,
            is_looking_for_team: true,
        }
    }

    #[test]
    fn an_application_keeps_its_questions() {
        let read = ApplicationDetails::read(&input(), &questions(), 2).expect("valid");
        assert_eq!(read.skills, ["Rust", "accessible forms"]);
        assert_eq!(read.answers.len(), 1);
        assert_eq!(read.answers[0].question, "Why?");
    }

    #[test]
    fn answers_follow_their_questions() {
        let mut swapped = input();
        swapped.answers =
            vec![answer("T-shirt", "M"), answer("Why?", "Because."), answer("Gone", " ")];
        let read = ApplicationDetails::read(&swapped, &questions(), 2).expect("valid");
        let expected = [answer("Why?", "Because."), answer("T-shirt", "M")];
        assert_eq!(read.answers, expected);
    }

    #[test]
    fn a_problem_names_the_field() {
        type Change = fn(&mut ApplicationInput);
        let changes: [(Change, &str, &str); 7] = [
            (|it| it.conduct_version = 0, "conduct_version", "Accept"),
            (|it| it.conduct_version = 1, "conduct_version", "version 2"),
            (|it| it.motivation = "x".repeat(2_001), "motivation", "2001"),
            (|it| it.skills = "x".repeat(41), "skills", "40 characters"),
            (|it| it.skills = (0..16).map(|it| format!("{it},")).collect(), "skills", "at most 15"),
            (|it| it.answers.clear(), "answers", "'Why?' is missing"),
            (|it| it.answers.push(answer("Why not?", "x")), "answers", "The questions changed"),
        ];
        for (change, field, says) in changes {
            let mut changed = input();
            change(&mut changed);
            let problem = ApplicationDetails::read(&changed, &questions(), 2).expect_err(says);
            assert_eq!(problem.field, Some(field));
            assert!(problem.detail.contains(says), "{}", problem.detail);
        }
    }

    #[test]
    fn people_apply_while_applications_are_open() {
        for phase in Phase::ALL {
            let is_first = phase == Phase::Applications;
            let is_late = matches!(phase, Phase::ApplicationsClosed | Phase::Submission);
            for (has_late, expected) in [(false, is_first), (true, is_first || is_late)] {
                let before = Some(ApplicationStatus::Withdrawn);
                let may = may_apply("Low Tide", phase, has_late, before);
                assert_eq!(may.is_ok(), expected, "{phase:?}, late: {has_late}");
            }
        }
        let rejected =
            may_apply("Low Tide", Phase::Applications, false, Some(ApplicationStatus::Rejected));
        assert_eq!(rejected.expect_err("rejected").code, "APPLICATION_REJECTED");
    }

    #[test]
    fn the_waitlist_is_not_approved_by_hand() {
        use ApplicationStatus::{
            Approved, AutoAccepted, PendingReview, Rejected, Waitlisted, Withdrawn,
        };
        for (status, approves, rejects) in [
            (PendingReview, true, true),
            (AutoAccepted, false, true),
            (Approved, false, true),
            (Waitlisted, false, true),
            (Rejected, true, false),
            (Withdrawn, false, false),
        ] {
            assert_eq!(Decision::Approve.changes(status), approves, "{status:?}");
            assert_eq!(Decision::Reject.changes(status), rejects, "{status:?}");
        }
    }
}
