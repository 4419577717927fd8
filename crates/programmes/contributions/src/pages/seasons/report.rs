//! The report of a season, which is also printed.

use std::collections::HashMap;

use askama::Template;
use axum::{extract::State, response::Response};
use platform::Context;
use serde::Deserialize;
use ui::{
    PageError, PageResult, QueryString,
    format::{Instant, Number},
    show,
};
use uuid::Uuid;

use super::{SeasonCard, versions::Versions};
use crate::{
    access::{ReportedSeason, season_report},
    model::{FlagEffect, FlagState},
    pages::{
        analytics::AnalyticsTotals,
        figures::{CellValue, ChartedSheet, Sheet, figures, sheet_named, sheets},
    },
    reads::{self, FlagCount, ReportPerson, SeasonReport},
    rules::seasons::correction_of,
};

/// The part of the report that a URL selects.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SeasonReportQuery {
    project: String,
    table: String,
    correction: String,
}

/// The numbers of people, formatted.
struct ReportNumbers {
    projects: Number,
    participants: Number,
    people: Number,
    reached_goal: Number,
    warned: Number,
    disqualified: Number,
}

#[derive(Template)]
#[template(path = "season_report.html")]
struct ReportPage {
    season: SeasonCard,
    final_at: Option<Instant>,
    now: Instant,
    /// The corrections since the sign-off, of which one may be chosen.
    versions: Versions,
    /// The slug and the name of the project; absent for the season as a whole.
    project: Option<(String, String)>,
    /// The slugs and names of all projects.
    projects: Vec<(String, String)>,
    facts: ReportNumbers,
    stats: AnalyticsTotals,
    is_empty: bool,
    figures: Vec<ChartedSheet>,
    people: Sheet,
    by_project: Sheet,
    badges: Sheet,
    flags: Sheet,
    /// The path of the CSV files.
    files: String,
    /// The path of the same report in the API.
    api: String,
}

/// `GET /seasons/{slug}/report`.
pub(super) async fn page(
    State(context): State<Context>,
    ReportedSeason(season): ReportedSeason,
    QueryString(query): QueryString<SeasonReportQuery>,
) -> PageResult {
    let correction = correction_of(&query.correction)?;
    let report = season_report(&context, season, &query.project, correction).await?;
    let season = &report.season;
    let versions = Versions::of(&report.corrections, report.correction);
    let project = report.project.as_ref().map_or("", |it| it.slug.as_str());
    let chosen = format!("project={project}{}", versions.kept());
    let named = |project: &reads::ProjectView| (project.slug.clone(), project.name.clone());
    let facts = &report.facts;
    show(&ReportPage {
        final_at: season.signed_off_at.map(Instant),
        now: Instant(context.now()),
        versions,
        project: report.project.as_ref().map(named),
        projects: report.projects.iter().map(named).collect(),
        facts: ReportNumbers {
            projects: Number(report.projects.len() as i64),
            participants: Number(facts.participants),
            people: Number(facts.people),
            reached_goal: Number(facts.reached_goal),
            warned: Number(facts.warned),
            disqualified: Number(facts.disqualified),
        },
        stats: AnalyticsTotals::of(&report.analytics),
        is_empty: report.analytics.is_empty(),
        figures: figures(&report.analytics),
        people: people(&report),
        by_project: by_project(&report),
        badges: badges(&report),
        flags: flags(&report.flags),
        files: format!("/seasons/{}/report.csv?{chosen}", season.slug),
        api: format!("/api/v1/seasons/{}/report?{chosen}", season.slug),
        season: SeasonCard::of(season, context.now()),
    })
}

/// `GET /seasons/{slug}/report.csv`: the table that `table` names.
pub(super) async fn csv(
    State(context): State<Context>,
    ReportedSeason(season): ReportedSeason,
    QueryString(query): QueryString<SeasonReportQuery>,
) -> Result<Response, PageError> {
    let correction = correction_of(&query.correction)?;
    let report = season_report(&context, season, &query.project, correction).await?;
    let mut all = sheets(&report.analytics);
    all.extend([people(&report), by_project(&report), badges(&report), flags(&report.flags)]);
    let name = match &report.project {
        Some(project) => format!("{}-{}", report.season.slug, project.slug),
        None => report.season.slug.clone(),
    };
    Ok(sheet_named(all, &query.table)?.file(&name))
}

fn people(report: &SeasonReport) -> Sheet {
    let has_goal = report.season.goal > 0 && report.project.is_none();
    let row = |person: &ReportPerson| {
        let mut row = vec![
            CellValue::Person(person.who.clone()),
            CellValue::Count(person.rank),
            CellValue::Count(person.merged),
            CellValue::Count(person.points),
        ];
        if has_goal {
            row.push(CellValue::Reached(person.has_reached_goal));
        }
        row
    };
    let mut head =
        vec![("Person", "person"), ("Rank", "rank"), ("Merged", "merged"), ("Points", "points")];
    if has_goal {
        head.push(("Goal", "goal_reached"));
    }
    let (title, caption) = match report.project {
        None => ("Top people", "The first people of the season, by rank"),
        Some(_) => (
            "Top people in this project",
            "People with a rank in the season, by merges in the project",
        ),
    };
    Sheet {
        name: "people",
        title,
        caption: caption.to_owned(),
        head,
        rows: report.people.iter().map(row).collect(),
        total: None,
    }
}

fn by_project(report: &SeasonReport) -> Sheet {
    let projects = report.projects.iter();
    let names: HashMap<Uuid, &str> = projects.map(|it| (it.id, it.name.as_str())).collect();
    let row = |volume: &reads::ProjectVolume| {
        let name = names.get(&volume.project_id).copied().unwrap_or_default();
        vec![
            CellValue::Text(name.to_owned()),
            CellValue::Count(volume.opened),
            CellValue::Count(volume.merged),
            CellValue::Count(volume.closed),
            CellValue::Percent(volume.merge_rate()),
        ]
    };
    Sheet {
        name: "projects",
        title: "Projects",
        caption: "Projects with pull requests in the season, those with the most merges first"
            .to_owned(),
        head: vec![
            ("Project", "project"),
            ("Opened", "opened"),
            ("Merged", "merged"),
            ("Closed", "closed"),
            ("Merge rate", "merge_rate_percent"),
        ],
        rows: report.volumes.iter().map(row).collect(),
        total: None,
    }
}

fn badges(report: &SeasonReport) -> Sheet {
    let row = |badge: &recognition::reads::AwardedBadge| {
        vec![
            CellValue::Text(badge.name.clone()),
            CellValue::Text(badge.rarity.heading().to_lowercase()),
            CellValue::Count(badge.people),
        ]
    };
    Sheet {
        name: "badges",
        title: "Badges",
        caption: "Badges that people earned in the days of the season, by slug".to_owned(),
        head: vec![("Badge", "badge"), ("Rarity", "rarity"), ("People", "people")],
        rows: report.badges.iter().map(row).collect(),
        total: None,
    }
}

/// Lists the numbers of flags by their outcome.
fn flags(flags: &[FlagCount]) -> Sheet {
    let outcome = |flag: &FlagCount| match (flag.state, flag.effect) {
        (FlagState::Open, _) => "not decided".to_owned(),
        (FlagState::Dismissed, _) => "cleared".to_owned(),
        (FlagState::Confirmed, Some(FlagEffect::Spam)) => "confirmed: spam".to_owned(),
        (FlagState::Confirmed, Some(FlagEffect::NoPoints)) => "confirmed: no points".to_owned(),
        (FlagState::Confirmed, None) => "confirmed: the points stay".to_owned(),
    };
    let row = |flag: &FlagCount| vec![CellValue::Text(outcome(flag)), CellValue::Count(flag.flags)];
    Sheet {
        name: "fair_play",
        title: "Fair play",
        caption: "Flags on pull requests of the season, by their outcome".to_owned(),
        head: vec![("Outcome", "outcome"), ("Flags", "flags")],
        rows: flags.iter().map(row).collect(),
        total: None,
    }
}
