//! Validation of submissions, their status, and when teams may submit.

use kernel::{Checks, Problem, ProblemKind, Timestamp, counted, typed};

use super::{
    invalid,
    repository_address::{CodeSites, RepositoryAddress, branch},
    timeline::Timeline,
    tracks,
};
use crate::model::{
    JuryOutcome, LINK, Phase, SUBMISSION_SUMMARY, SubmissionStatus, TITLE, Verdict,
};

/// A submission as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubmissionInput {
    /// The name of the project.
    pub title: String,
    /// The description, as Markdown.
    pub summary: String,
    /// The repository: its address, or `owner/name`.
    pub repository: String,
    /// The branch; empty for the one in the address, or the default branch.
    pub branch: String,
    pub demo_url: String,
    pub video_url: String,
    /// The technologies, separated by commas.
    pub technologies: String,
    /// The code hosts besides GitHub that the server reads.
    pub sites: CodeSites,
    /// The slugs of the tracks.
    pub tracks: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubmissionDetails {
    /// The name of the project.
    pub title: String,
    /// The description, as Markdown.
    pub summary: String,
    /// The repository as `owner/name`, with its host before it unless it is on GitHub; empty in a draft without one.
    pub repository: String,
    /// The branch; empty for the default branch.
    pub branch: String,
    /// The address of a demo; may be empty.
    pub demo_url: String,
    /// The address of a video; may be empty.
    pub video_url: String,
    /// The technologies, separated by commas; may be empty.
    pub technologies: String,
    /// The slugs of the tracks, separated by commas; may be empty.
    pub tracks: String,
}

impl SubmissionDetails {
    /// Returns whether the code of both is in one repository and branch.
    #[must_use]
    pub fn has_code_of(&self, other: &Self) -> bool {
        self.repository == other.repository && self.branch == other.branch
    }

    /// Validates a submission. A draft may lack everything but its name.
    ///
    /// # Errors
    /// When a required field is missing or a field is not valid. The problem names the field.
    pub fn read(input: &SubmissionInput, is_draft: bool) -> Result<Self, Problem> {
        let title = typed::line(&input.title, "The name", TITLE);
        let mut checks = Checks::default();
        let title = checks.read(title.map_err(|detail| invalid("title", detail)));
        let summary = checks.read(summary(input, is_draft));
        let (repository, of_address) = checks.read(repository(input, is_draft));
        let branch = checks.read(branch(&input.branch)).or(of_address);
        let details = Self {
            title,
            summary,
            repository,
            branch: branch.unwrap_or_default(),
            demo_url: checks.read(link("demo_url", &input.demo_url)),
            video_url: checks.read(link("video_url", &input.video_url)),
            technologies: checks.read(tracks::technologies(&input.technologies)),
            tracks: checks.read(tracks::chosen(&input.tracks)),
        };
        checks.finish(details)
    }
}

fn summary(input: &SubmissionInput, is_draft: bool) -> Result<String, Problem> {
    let summary = typed::paragraphs(&input.summary, "The summary", SUBMISSION_SUMMARY);
    let summary = summary.map_err(|detail| invalid("summary", detail))?;
    if summary.is_empty() && !is_draft {
        let detail = "Describe in a few sentences what the project does.".to_owned();
        return Err(invalid("summary", detail));
    }
    Ok(summary)
}

/// Validates a repository. Returns it as it is stored, and the branch in its address.
fn repository(
    input: &SubmissionInput,
    is_draft: bool,
) -> Result<(String, Option<String>), Problem> {
    if input.repository.trim().is_empty() {
        return if is_draft {
            Ok(Default::default())
        } else {
            let detail = "Enter the repository, such as https://github.com/owner/name.";
            Err(invalid("repository", detail.to_owned()))
        };
    }
    let address = RepositoryAddress::read(&input.repository, &input.sites)?;
    Ok((address.stored, address.branch))
}

/// Validates the address of a page.
pub(super) fn link(field: &'static str, typed: &str) -> Result<String, Problem> {
    let line = typed::optional_line(typed, "The address", LINK);
    let line = line.map_err(|detail| invalid(field, detail))?;
    let is_page = |line: &str| {
        let parts = line.split_once("://");
        let is_web = |scheme: &str| ["https", "http"].contains(&&*scheme.to_ascii_lowercase());
        parts.is_some_and(|(scheme, rest)| {
            let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
            is_web(scheme) && !host.is_empty() && !host.contains('@')
        }) && !line.contains(|c: char| c.is_whitespace() || "\"<>\\^`{|}".contains(c))
    };
    if line.is_empty() || is_page(&line) {
        Ok(line)
    } else {
        Err(invalid(
            field,
            "Enter a whole address, such as https://project.example/demo.".to_owned(),
        ))
    }
}

/// The facts of a submission, from which its status follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The number of submitted versions.
    pub version: i64,
    /// True if the first version came after the deadline.
    pub is_late: bool,
    /// The result of the checks of the current version.
    pub verdict: Option<Verdict>,
    /// True if an organizer admitted it although a required check fails.
    pub is_admitted: bool,
    /// The choice of the jury.
    pub outcome: Option<JuryOutcome>,
    /// True if it is disqualified.
    pub is_disqualified: bool,
    /// True if the team withdrew it.
    pub is_withdrawn: bool,
}

impl Facts {
    /// Returns whether judges judge it: it was submitted, is neither withdrawn nor disqualified, and no required check fails, or an
    /// organizer admitted it.
    #[must_use]
    pub fn is_judged(&self) -> bool {
        let is_valid = self.verdict != Some(Verdict::Invalid) || self.is_admitted;
        self.version > 0 && !self.is_withdrawn && !self.is_disqualified && is_valid
    }

    /// Returns the status in a phase of the hackathon. The jury's choice shows once results are published.
    #[must_use]
    pub fn status(&self, phase: Phase) -> SubmissionStatus {
        let is_published = matches!(phase, Phase::Completed | Phase::Archived);
        match (self.outcome, self.verdict) {
            _ if self.is_withdrawn => SubmissionStatus::Withdrawn,
            _ if self.is_disqualified => SubmissionStatus::Disqualified,
            _ if self.version == 0 => SubmissionStatus::Draft,
            (Some(JuryOutcome::Winner), _) if is_published => SubmissionStatus::Winner,
            (Some(JuryOutcome::Finalist), _) if is_published => SubmissionStatus::Finalist,
            (_, Some(Verdict::Invalid)) if !self.is_admitted => SubmissionStatus::Invalid,
            _ if phase == Phase::Judging => SubmissionStatus::UnderReview,
            (_, None) => SubmissionStatus::Pending,
            _ if self.is_late => SubmissionStatus::Late,
            _ => SubmissionStatus::Valid,
        }
    }
}

/// Returns the deadline of a team: the common one, or its own if that is later. The query for due submissions decides alike.
#[must_use]
pub fn deadline(common: Timestamp, own: Option<Timestamp>) -> Timestamp {
    own.map_or(common, |own| own.max(common))
}

/// Returns the instant until which a team that submitted can submit another version. One that is late can until judging opens.
#[must_use]
pub fn closes_at(timeline: &Timeline, own: Option<Timestamp>, is_late: bool) -> Timestamp {
    let deadline = deadline(timeline.submission_closes_at, own);
    if is_late { deadline.max(timeline.judging_opens_at) } else { deadline }
}

/// The circumstances in which a team submits.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// The name of the hackathon.
    pub title: &'a str,
    pub phase: Phase,
    pub timeline: Timeline,
    /// A later deadline of this team.
    pub extension: Option<Timestamp>,
    /// True if it refuses late submissions.
    pub refuses_late: bool,
    /// The facts of the submission so far.
    pub facts: Facts,
    /// True if it is frozen.
    pub is_locked: bool,
    /// The number of people who submit together.
    pub members: i64,
    /// The minimum number of people in a team.
    pub team_min: i64,
    /// The current instant.
    pub now: Timestamp,
}

impl Attempt<'_> {
    /// Returns the deadline of this team.
    #[must_use]
    pub fn deadline(&self) -> Timestamp {
        deadline(self.timeline.submission_closes_at, self.extension)
    }

    /// Decides whether a version may be submitted now. Returns whether it is late.
    ///
    /// # Errors
    /// When submissions are not open or closed, the submission is frozen or disqualified, or the team is too small.
    pub fn may_submit(&self) -> Result<bool, Problem> {
        self.is_possible()?;
        if self.members < self.team_min {
            let detail = format!(
                "{} takes submissions by teams of at least {}. Yours has {}. Find teammates under Teams and people.",
                self.title,
                counted(self.team_min, "person", "people"),
                counted(self.members, "person", "people"),
            );
            return Err(Problem::new(ProblemKind::Conflict, "TEAM_TOO_SMALL", detail));
        }
        if self.now < self.deadline() {
            return Ok(false);
        }
        let was_on_time = self.facts.version > 0 && !self.facts.is_late;
        if self.refuses_late || was_on_time || self.is_judging() {
            Err(self.closed())
        } else {
            Ok(true)
        }
    }

    /// Decides whether a draft may be saved now.
    ///
    /// # Errors
    /// As [`Attempt::may_submit`], without the size of the team.
    pub fn may_save(&self) -> Result<(), Problem> {
        let anyone = Self { members: self.team_min, ..*self };
        anyone.may_submit().map(drop)
    }

    fn is_possible(&self) -> Result<(), Problem> {
        if self.facts.is_disqualified {
            let detail = "The submission is disqualified. You can appeal on its page.";
            return Err(Problem::new(ProblemKind::Conflict, "DISQUALIFIED", detail));
        }
        if self.phase.is_over() {
            return Err(self.closed());
        }
        if self.now < self.timeline.submission_opens_at {
            let detail = format!("Submissions of {} are not open yet. See its dates.", self.title);
            return Err(Problem::new(ProblemKind::Conflict, "SUBMISSIONS_NOT_OPEN", detail));
        }
        if self.is_locked { Err(self.closed()) } else { Ok(()) }
    }

    /// Returns whether judges may have seen submissions, so that no submission may be added.
    fn is_judging(&self) -> bool {
        let judging = self.timeline.judging_opens_at;
        self.timeline.has_judging() && self.now >= judging.max(self.deadline())
    }

    fn closed(&self) -> Problem {
        let detail = match self.facts.version {
            0 => format!("Submissions of {} are closed.", self.title),
            _ => format!(
                "Submissions of {} are closed, and yours is frozen as it was at the deadline.",
                self.title
            ),
        };
        if self.phase.is_over() {
            return Problem::new(ProblemKind::Conflict, "HACKATHON_CLOSED", detail);
        }
        Problem::new(ProblemKind::Conflict, "SUBMISSIONS_CLOSED", detail)
    }
}

#[cfg(test)]
#[path = "submissions/tests.rs"]
mod tests;
