use chrono::TimeDelta;
use identity::model::UserId;
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{ActionError, Context, db::Tx};

use super::judged;
use crate::{
    model::{AssignmentStatus, HackathonJudge, JudgingMode, SubmissionId, Submitter},
    reads::{self, AssignmentView, HackathonView, Round, SubmissionPart, SubmissionView},
    rules::{
        judging::{
            assignment::{self, NoneLeft, PastWithProject, ProjectCandidate},
            settings::JudgingSettings,
        },
        tracks::looks_at,
    },
    store::judging,
};

/// The maximum number of projects of a hackathon that are judged.
const MOST_PROJECTS: i64 = 10_000;

/// Gives a judge their next project, or the one that they have. Returns it. `extra` asks for one that has enough scores.
///
/// # Errors
/// When judging is not open, there are no criteria, or no project is left for the judge. The sentence says why.
pub async fn next_project(
    context: &Context,
    judge: UserId,
    slug: &str,
    extra: bool,
) -> Result<SubmissionId, ActionError> {
    let tx = context.begin().await?;
    let hackathon = judged(&tx, context, slug).await?;
    let (id, now) = (hackathon.key(), context.now());
    let settings = reads::judging_settings(&tx, id).await?;
    if settings.mode == JudgingMode::Rubric && settings.criteria.is_empty() {
        return Err(no_criteria(&hackathon).into());
    }
    let round = reads::current_round(&tx, id).await?;
    let all = reads::assignments(&tx, id, round.number).await?;
    let is_open =
        |it: &&AssignmentView| it.user_id == judge.0 && it.status == AssignmentStatus::Open;
    if let Some(open) = all.iter().find(is_open) {
        return Ok(open.submission_id.into());
    }
    let candidates = candidates(&tx, &hackathon, &settings, &round, judge, &all, now).await?;
    let looks = (!extra).then_some(settings.looks);
    let chosen: SubmissionId = assignment::next_project(&candidates, looks).map_err(refused)?;
    let (row, by) = (context.ids.next(), HackathonJudge { hackathon: id, judge });
    judging::assign(&tx, row, by, round.number, chosen, AssignmentStatus::Open, now).await?;
    tx.commit().await?;
    Ok(chosen)
}

fn no_criteria(hackathon: &HackathonView) -> Problem {
    let detail = format!(
        "The organizers of {} have not set the criteria yet. Ask one of them.",
        hackathon.title
    );
    Problem::new(ProblemKind::Conflict, "NO_CRITERIA", detail)
}

fn refused(none: NoneLeft) -> Problem {
    match none {
        NoneLeft::Occupied => Problem::new(ProblemKind::Conflict, "PROJECTS_OCCUPIED", none.says()),
        _ => Problem::new(ProblemKind::Conflict, "NO_PROJECT_LEFT", none.says()),
    }
}

/// Lists the projects of a round as the choice for one judge sees them.
async fn candidates(
    tx: &Tx,
    hackathon: &HackathonView,
    settings: &JudgingSettings,
    round: &Round,
    judge: UserId,
    all: &[AssignmentView],
    now: Timestamp,
) -> Result<Vec<ProjectCandidate<SubmissionId>>, ActionError> {
    let id = hackathon.key();
    let projects = reads::submissions(tx, id, SubmissionPart::Judged, None, MOST_PROJECTS).await?;
    let team = reads::team_of(tx, id, judge).await?;
    let team = team.map(|(team, _)| Submitter::Team(team.key()));
    let conflicts = reads::conflicts_of(tx, id, judge).await?;
    let tracks = reads::judge_tracks(tx, id, judge).await?;
    let look = TimeDelta::minutes(settings.minutes_per_look);
    let candidate = |project: SubmissionView| {
        let looks: Vec<_> = all.iter().filter(|it| it.submission_id == project.id).collect();
        let with = |status| looks.iter().filter(move |it| it.status == status);
        let count = |status| i64::try_from(with(status).count()).unwrap_or(i64::MAX);
        let is_recent = |it: &&&AssignmentView| now - it.status_at < look;
        let is_own = project.by() == Submitter::Person(judge) || Some(project.by()) == team;
        let own = looks.iter().find(|it| it.user_id == judge.0);
        ProjectCandidate {
            project: project.key(),
            table: project.place.clone(),
            judged: count(AssignmentStatus::Judged),
            open: count(AssignmentStatus::Open),
            is_occupied: with(AssignmentStatus::Open).any(|it| is_recent(&it)),
            past: match own.map(|it| it.status) {
                _ if is_own || conflicts.contains(&project.key()) => PastWithProject::Conflict,
                None | Some(AssignmentStatus::Open) => PastWithProject::New,
                Some(AssignmentStatus::Judged) => PastWithProject::Judged,
                Some(AssignmentStatus::Skipped) => PastWithProject::Skipped,
                Some(AssignmentStatus::Absent) => PastWithProject::Absent,
                Some(AssignmentStatus::Conflict) => PastWithProject::Conflict,
                Some(AssignmentStatus::Busy) if own.is_some_and(|it| is_recent(&it)) => {
                    PastWithProject::Busy
                }
                Some(AssignmentStatus::Busy) => PastWithProject::New,
            },
        }
    };
    let in_round =
        projects.into_iter().filter(|it| round.has(it.id) && looks_at(&tracks, &it.tracks()));
    Ok(in_round.map(candidate).collect())
}
