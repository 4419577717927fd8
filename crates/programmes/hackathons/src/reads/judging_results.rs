//! Queries for the coverage and the results of judging.

use std::collections::BTreeMap;

use identity::model::UserId;
use platform::db::{DbError, Sql};
use uuid::Uuid;

use super::{
    SubmissionPart, SubmissionView,
    judging::{AssignmentView, assignments, judging_settings, rankings},
    staff::staff,
    submissions::submissions,
    tie_decisions::decisions,
};
use crate::{
    model::{AssignmentStatus, HackathonId, JudgingMode, StaffRole},
    rules::judging::{
        decisions::in_force,
        results::{ProjectResult, of_orders, of_scores},
        rubric::points,
        scores::Look,
        settings::JudgingSettings,
    },
};

/// The maximum number of projects of a hackathon.
const MOST_PROJECTS: i64 = 10_000;

/// The result of a project, with its names.
#[derive(Clone, Debug)]
pub struct JudgedResult {
    /// The result.
    pub result: ProjectResult,
    /// The name of the project.
    pub title: String,
    /// The name of the team, or the login of the person.
    pub team: String,
}

/// The projects of a tie.
#[derive(Clone, Debug)]
pub struct Tie {
    /// The projects, by rank.
    pub projects: Vec<JudgedResult>,
    /// True if a decision settled it.
    pub is_decided: bool,
}

impl Tie {
    /// Returns the ID of its first project, by which its form is known.
    #[must_use]
    pub fn key(&self) -> String {
        let first = self.projects.iter().map(|it| it.result.project).min();
        first.map(|it| it.to_string()).unwrap_or_default()
    }
}

/// Returns the ties among results, those that a decision settled too.
#[must_use]
pub fn ties(results: &[JudgedResult]) -> Vec<Tie> {
    let is_same = |a: &JudgedResult, b: &JudgedResult| a.result.shared_rank == b.result.shared_rank;
    let groups = results.chunk_by(is_same).filter(|it| it.len() > 1);
    let tie = |projects: &[JudgedResult]| Tie {
        is_decided: projects[0].result.is_decided,
        projects: projects.to_vec(),
    };
    groups.map(tie).collect()
}

/// Lists the results of the judged projects of a hackathon, the best first.
pub async fn judging_results(
    db: &impl Sql,
    hackathon: HackathonId,
) -> Result<Vec<JudgedResult>, DbError> {
    let orders = in_force(&decisions(db, hackathon).await?);
    results_decided_by(db, hackathon, &orders).await
}

/// Lists the results as they would be if only these orders settled ties.
pub async fn results_decided_by(
    db: &impl Sql,
    hackathon: HackathonId,
    decisions: &[Vec<Uuid>],
) -> Result<Vec<JudgedResult>, DbError> {
    let settings = judging_settings(db, hackathon).await?;
    let projects = submissions(db, hackathon, SubmissionPart::Judged, None, MOST_PROJECTS).await?;
    let ids: Vec<Uuid> = projects.iter().map(|project| project.id).collect();
    let results = match settings.mode {
        JudgingMode::Rubric => {
            let all = assignments(db, hackathon).await?;
            let looks: Vec<_> = all.iter().filter_map(|it| look(it, &settings)).collect();
            of_scores(&looks, &ids, decisions)
        }
        JudgingMode::Ranking => {
            let orders = rankings(db, hackathon).await?.into_iter();
            let orders: Vec<Vec<Uuid>> = orders.map(|it| it.places).collect();
            of_orders(&orders, &ids, decisions)
        }
    };
    let mut named: BTreeMap<Uuid, SubmissionView> =
        projects.into_iter().map(|it| (it.id, it)).collect();
    let view = |result: ProjectResult| {
        let project = named.remove(&result.project)?;
        Some(JudgedResult {
            result,
            title: project.title,
            team: project.team.unwrap_or_default(),
        })
    };
    Ok(results.into_iter().filter_map(view).collect())
}

/// Returns the points that a judge gave a project; `None` until they are final.
fn look(assignment: &AssignmentView, settings: &JudgingSettings) -> Option<Look<Uuid, Uuid>> {
    let is_final = assignment.status() == AssignmentStatus::Judged;
    let points = points(&settings.criteria, &assignment.levels()).filter(|_| is_final)?;
    Some(Look {
        judge: assignment.user_id,
        project: assignment.submission_id,
        points,
    })
}

/// The looks at a project.
#[derive(Clone, Debug)]
pub struct ProjectCoverage {
    /// The project.
    pub id: Uuid,
    /// Its name.
    pub title: String,
    /// The name of the team, or the login of the person.
    pub team: String,
    /// The number of finished looks.
    pub judged: i64,
    /// The judges who had it, with the status.
    pub judges: Vec<(String, AssignmentStatus)>,
}

/// The work of a judge.
#[derive(Clone, Debug)]
pub struct JudgeCoverage {
    /// The login, or the placeholder of a closed account.
    pub login: String,
    /// The number of projects that they judged.
    pub judged: i64,
    /// The number of projects that need a look and that they can still get.
    pub left: i64,
    /// The number of conflicts of interest that they declared.
    pub conflicts: i64,
    /// The name of the project that they have now.
    pub now: Option<String>,
}

/// The coverage of the projects of a hackathon.
#[derive(Clone, Debug)]
pub struct CoverageView {
    /// The settings.
    pub settings: JudgingSettings,
    /// The projects, in the order in which teams began them.
    pub projects: Vec<ProjectCoverage>,
    /// The judges of the staff, and everyone else who judged.
    pub judges: Vec<JudgeCoverage>,
}

/// Returns the coverage of the projects of a hackathon.
pub async fn coverage(db: &impl Sql, hackathon: HackathonId) -> Result<CoverageView, DbError> {
    let settings = judging_settings(db, hackathon).await?;
    let projects = submissions(db, hackathon, SubmissionPart::Judged, None, MOST_PROJECTS).await?;
    let all = assignments(db, hackathon).await?;
    let staff = staff(db, hackathon).await?.into_iter();
    let appointed = staff
        .filter(|it| it.role == StaffRole::Judge)
        .map(|it| it.user_id);
    let mut people: Vec<Uuid> = appointed.collect();
    people.extend(all.iter().map(|it| it.user_id));
    people.sort();
    people.dedup();
    let ids = people.iter().map(|person| UserId::new(*person));
    let logins = identity::reads::logins(db, ids).await?;
    let login = |person: Uuid| logins.get(&person.into()).cloned().unwrap_or_default();
    let project = |project: SubmissionView| {
        let looks = all.iter().filter(|it| it.submission_id == project.id);
        ProjectCoverage {
            judged: count(
                looks
                    .clone()
                    .filter(|it| it.status() == AssignmentStatus::Judged),
            ),
            judges: looks.map(|it| (login(it.user_id), it.status())).collect(),
            id: project.id,
            title: project.title,
            team: project.team.unwrap_or_default(),
        }
    };
    let projects: Vec<_> = projects.into_iter().map(project).collect();
    let judge = |person| judge(&all, (person, login(person)), &projects, settings.looks);
    let mut judges: Vec<_> = people.into_iter().map(judge).collect();
    judges.sort_by(|a, b| a.login.cmp(&b.login));
    Ok(CoverageView {
        settings,
        projects,
        judges,
    })
}

fn count<T>(items: impl Iterator<Item = T>) -> i64 {
    i64::try_from(items.count()).unwrap_or(i64::MAX)
}

fn judge(
    all: &[AssignmentView],
    (person, login): (Uuid, String),
    projects: &[ProjectCoverage],
    looks: i64,
) -> JudgeCoverage {
    let own: Vec<_> = all.iter().filter(|it| it.user_id == person).collect();
    let with = |status| own.iter().filter(move |it| it.status() == status);
    let title = |it: &&AssignmentView| {
        let found = projects
            .iter()
            .find(|project| project.id == it.submission_id);
        found.map(|project| project.title.clone())
    };
    let is_left = |project: &&ProjectCoverage| {
        let had = own.iter().find(|it| it.submission_id == project.id);
        project.judged < looks
            && had.is_none_or(|it| {
                !matches!(
                    it.status(),
                    AssignmentStatus::Judged
                        | AssignmentStatus::Absent
                        | AssignmentStatus::Conflict
                )
            })
    };
    JudgeCoverage {
        login,
        judged: count(with(AssignmentStatus::Judged)),
        left: count(projects.iter().filter(is_left)),
        conflicts: count(with(AssignmentStatus::Conflict)),
        now: with(AssignmentStatus::Open).next().and_then(title),
    }
}
