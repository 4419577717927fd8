//! Queries for the coverage and the results of judging.

use std::collections::BTreeMap;

use identity::model::UserId;
use platform::db::{DbError, Sql};
use ui::Who;
use uuid::Uuid;

use super::{
    SubmissionPart, SubmissionView,
    judging::{AssignmentView, assignments, judging_settings, rankings},
    judging_rounds::{Round, current_round, rounds},
    staff::staff,
    submissions::submissions,
    tie_decisions::decisions,
};
use crate::{
    model::{AssignmentStatus, HackathonId, JudgingMode, StaffRole},
    rules::{
        judging::{
            decisions::in_force,
            results::{ProjectResult, of_orders, of_scores, standings},
            rubric::points,
            scores::JudgedLook,
            settings::JudgingSettings,
        },
        tracks::looks_at,
    },
};

/// The maximum number of projects of a hackathon.
const MOST_PROJECTS: i64 = 10_000;

/// The result of a project, with its names.
#[derive(Clone, Debug)]
pub struct JudgedResult {
    pub result: ProjectResult,
    /// The name of the project.
    pub title: String,
    /// The name of the team, or the login of the person.
    pub team: String,
    /// The slugs of its tracks.
    pub tracks: Vec<String>,
}

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

/// Returns the results of the projects in a track, ranked among themselves.
#[must_use]
pub fn results_in_track(results: Vec<JudgedResult>, track: &str) -> Vec<JudgedResult> {
    let is_in = |it: &JudgedResult| it.tracks.iter().any(|slug| slug == track);
    let own: Vec<JudgedResult> = results.into_iter().filter(is_in).collect();
    let ranked = standings(&[own.iter().map(|it| it.result).collect()]);
    let with_rank = |(it, result): (JudgedResult, ProjectResult)| JudgedResult { result, ..it };
    own.into_iter().zip(ranked).map(with_rank).collect()
}

/// Lists the results of the judged projects of a hackathon, the best first: the last round decides, and projects that did not go
/// forward come after it by the results of their round.
pub async fn judging_results(
    db: &impl Sql,
    hackathon: HackathonId,
) -> Result<Vec<JudgedResult>, DbError> {
    let judging = Judging::of(db, hackathon).await?;
    let mut results = Vec::new();
    for round in rounds(db, hackathon).await? {
        results.push(judging.round(db, &round, None).await?);
    }
    Ok(judging.named(standings(&results)))
}

/// Lists the results of a round, the best first; of an unknown round, none.
pub async fn round_results(
    db: &impl Sql,
    hackathon: HackathonId,
    round: i64,
) -> Result<Vec<JudgedResult>, DbError> {
    let Some(round) = find_round(db, hackathon, Some(round)).await? else {
        return Ok(Vec::new());
    };
    let judging = Judging::of(db, hackathon).await?;
    let results = judging.round(db, &round, None).await?;
    Ok(judging.named(results))
}

/// Lists the results of a round as they would be if only these orders settled ties.
pub async fn results_decided_by(
    db: &impl Sql,
    hackathon: HackathonId,
    round: i64,
    orders: &[Vec<Uuid>],
) -> Result<Vec<ProjectResult>, DbError> {
    let Some(round) = find_round(db, hackathon, Some(round)).await? else {
        return Ok(Vec::new());
    };
    let judging = Judging::of(db, hackathon).await?;
    judging.round(db, &round, Some(orders)).await
}

/// Finds a round, or the current one.
async fn find_round(
    db: &impl Sql,
    hackathon: HackathonId,
    number: Option<i64>,
) -> Result<Option<Round>, DbError> {
    let mut rounds = rounds(db, hackathon).await?;
    Ok(match number {
        Some(number) => rounds.into_iter().find(|it| it.number == number),
        None => rounds.pop(),
    })
}

/// The settings and projects that all rounds of the judging of a hackathon share.
struct Judging {
    hackathon: HackathonId,
    settings: JudgingSettings,
    projects: Vec<SubmissionView>,
}

impl Judging {
    async fn of(db: &impl Sql, hackathon: HackathonId) -> Result<Self, DbError> {
        Ok(Self {
            hackathon,
            settings: judging_settings(db, hackathon).await?,
            projects: projects(db, hackathon).await?,
        })
    }

    /// Returns the results of a round, with ties that these orders settle, or else the decisions in force.
    async fn round(
        &self,
        db: &impl Sql,
        round: &Round,
        orders: Option<&[Vec<Uuid>]>,
    ) -> Result<Vec<ProjectResult>, DbError> {
        let ids = self.projects.iter().map(|it| it.id);
        let ids: Vec<Uuid> = ids.filter(|project| round.has(*project)).collect();
        let settled = match orders {
            Some(orders) => orders.to_vec(),
            None => in_force(&decisions(db, self.hackathon, round.number).await?),
        };
        let results = match self.settings.mode {
            JudgingMode::Rubric => {
                let all = assignments(db, self.hackathon, round.number).await?.into_iter();
                let looks: Vec<_> = all.filter_map(|it| look(&it, &self.settings)).collect();
                of_scores(&looks, &ids, &settled)
            }
            JudgingMode::Ranking => {
                let orders = rankings(db, self.hackathon, round.number).await?.into_iter();
                let orders: Vec<Vec<Uuid>> = orders.map(|it| it.places).collect();
                of_orders(&orders, &ids, &settled)
            }
        };
        let in_round = |it| ProjectResult { round: round.number, ..it };
        Ok(results.into_iter().map(in_round).collect())
    }

    fn named(self, results: Vec<ProjectResult>) -> Vec<JudgedResult> {
        let projects = self.projects.into_iter();
        let mut named: BTreeMap<Uuid, SubmissionView> = projects.map(|it| (it.id, it)).collect();
        let view = |result: ProjectResult| {
            let project = named.remove(&result.project)?;
            Some(JudgedResult {
                result,
                tracks: project.tracks().into_iter().map(str::to_owned).collect(),
                title: project.title,
                team: project.team.unwrap_or_default(),
            })
        };
        results.into_iter().filter_map(view).collect()
    }
}

/// Lists the submissions of a hackathon that are judged.
async fn projects(db: &impl Sql, hackathon: HackathonId) -> Result<Vec<SubmissionView>, DbError> {
    submissions(db, hackathon, SubmissionPart::Judged, None, MOST_PROJECTS).await
}

/// Returns the points that a judge gave a project; `None` until they are final.
fn look(assignment: &AssignmentView, settings: &JudgingSettings) -> Option<JudgedLook<Uuid, Uuid>> {
    let is_final = assignment.status == AssignmentStatus::Judged;
    let points = points(&settings.criteria, &assignment.levels()).filter(|_| is_final)?;
    Some(JudgedLook { judge: assignment.user_id, project: assignment.submission_id, points })
}

/// The looks at a project.
#[derive(Clone, Debug)]
pub struct ProjectCoverage {
    pub id: Uuid,
    /// Its name.
    pub title: String,
    /// The name of the team, or the login of the person.
    pub team: String,
    /// The number of finished looks.
    pub judged: i64,
    /// The number of them that ended before the current version was submitted.
    pub outdated: i64,
    pub judges: Vec<(Who, AssignmentStatus)>,
    /// The slugs of its tracks.
    pub tracks: Vec<String>,
    /// True if all judges of the staff are limited to tracks that it is not in.
    pub is_without_judge: bool,
}

#[derive(Clone, Debug)]
pub struct JudgeCoverage {
    /// The login, or the placeholder of a closed account.
    pub login: String,
    /// The person as lists show them.
    pub who: Who,
    /// The number of projects that they judged.
    pub judged: i64,
    /// The number of projects that need a look and that they can still get.
    pub left: i64,
    /// The number of conflicts of interest that they declared.
    pub conflicts: i64,
    /// The name of the project that they have now.
    pub now: Option<String>,
    /// The slugs of the tracks to which they are limited; empty if to none.
    pub tracks: Vec<String>,
}

/// The coverage of the projects of a round.
#[derive(Clone, Debug)]
pub struct CoverageView {
    pub settings: JudgingSettings,
    pub round: i64,
    /// The number of the current round.
    pub rounds: i64,
    /// The projects, in the order in which teams began them.
    pub projects: Vec<ProjectCoverage>,
    /// The judges of the staff, and everyone else who judged.
    pub judges: Vec<JudgeCoverage>,
}

/// Returns the coverage of the projects of a round of a hackathon, or of the current one if the round is unknown.
pub async fn coverage(
    db: &impl Sql,
    hackathon: HackathonId,
    number: Option<i64>,
) -> Result<CoverageView, DbError> {
    let settings = judging_settings(db, hackathon).await?;
    let current = current_round(db, hackathon).await?;
    let rounds = current.number;
    let round = find_round(db, hackathon, number).await?.unwrap_or(current);
    let projects = projects(db, hackathon).await?.into_iter();
    let projects = projects.filter(|project| round.has(project.id));
    let all = assignments(db, hackathon, round.number).await?;
    let staff = staff(db, hackathon).await?.into_iter();
    let appointed: Vec<_> = staff.filter(|it| it.role == StaffRole::Judge).collect();
    let mut people: Vec<Uuid> = appointed.iter().map(|it| it.user_id).collect();
    people.extend(all.iter().map(|it| it.user_id));
    people.sort();
    people.dedup();
    let ids = people.iter().map(|person| UserId::new(*person));
    let known = identity::reads::who(db, ids).await?;
    let who = |person: Uuid| known.get(&person.into()).cloned().unwrap_or_default();
    let project = |project: SubmissionView| {
        let looks = all.iter().filter(|it| it.submission_id == project.id);
        ProjectCoverage {
            judged: count(looks.clone().filter(|it| it.status == AssignmentStatus::Judged)),
            outdated: count(looks.clone().filter(|it| it.was_judged_before(project.submitted_at))),
            judges: looks.map(|it| (who(it.user_id), it.status)).collect(),
            tracks: project.tracks().into_iter().map(str::to_owned).collect(),
            is_without_judge: !appointed.is_empty()
                && !(appointed.iter()).any(|it| looks_at(&it.tracks, &project.tracks())),
            id: project.id,
            title: project.title,
            team: project.team.unwrap_or_default(),
        }
    };
    let projects: Vec<_> = projects.map(project).collect();
    let judge = |person| {
        let own = appointed.iter().find(|it| it.user_id == person);
        let tracks = own.map(|it| it.tracks.clone()).unwrap_or_default();
        judge(&all, person, who(person), tracks, &projects, settings.looks)
    };
    let mut judges: Vec<_> = people.into_iter().map(judge).collect();
    judges.sort_by(|a, b| a.login.cmp(&b.login));
    Ok(CoverageView { settings, round: round.number, rounds, projects, judges })
}

fn count<T>(items: impl Iterator<Item = T>) -> i64 {
    i64::try_from(items.count()).unwrap_or(i64::MAX)
}

fn judge(
    all: &[AssignmentView],
    person: Uuid,
    who: Who,
    tracks: Vec<String>,
    projects: &[ProjectCoverage],
    looks: i64,
) -> JudgeCoverage {
    let own: Vec<_> = all.iter().filter(|it| it.user_id == person).collect();
    let with = |status| own.iter().filter(move |it| it.status == status);
    let title = |it: &&AssignmentView| {
        let found = projects.iter().find(|project| project.id == it.submission_id);
        found.map(|project| project.title.clone())
    };
    let is_left = |project: &&ProjectCoverage| {
        let had = own.iter().find(|it| it.submission_id == project.id);
        project.judged < looks
            && looks_at(&tracks, &project.tracks)
            && had.is_none_or(|it| {
                !matches!(
                    it.status,
                    AssignmentStatus::Judged
                        | AssignmentStatus::Absent
                        | AssignmentStatus::Conflict
                )
            })
    };
    JudgeCoverage {
        login: who.login.clone(),
        who,
        judged: count(with(AssignmentStatus::Judged)),
        left: count(projects.iter().filter(is_left)),
        conflicts: count(with(AssignmentStatus::Conflict)),
        now: with(AssignmentStatus::Open).next().and_then(title),
        tracks,
    }
}
