//! This module's implementation of a programme.

use std::collections::{BTreeSet, HashMap};

use chrono::TimeDelta;
use futures_util::future::BoxFuture;
use identity::model::UserId;
use kernel::Timestamp;
use platform::{Context, db::DbError};
use recognition::{
    Facts, Programme, Targets,
    model::{
        Achievement, BoardFamily, CanonicalPart, Champion, EntryDescription, EntryWithExplanation,
        MERGED, Metric, Mismatch, NamedBoard, Pending, Resettled, SettlementMode, Share, Span,
    },
};
use uuid::Uuid;

use crate::{
    FLAG, actions,
    model::{ProjectId, SOURCE, SeasonId, project_board, skill_board},
    reads::{self, ProjectPart, ProjectView, SeasonPart, SeasonView},
    rules::{Skill, closes_at},
};

/// The programme that awards points for pull requests by the rules of projects.
#[derive(Debug)]
pub struct Contributions;

impl Programme for Contributions {
    fn name(&self) -> &'static str {
        "contributions"
    }

    fn sources(&self) -> &'static [&'static str] {
        &[SOURCE]
    }

    fn points_from(&self) -> &'static str {
        "merges"
    }

    fn did<'a>(
        &'a self,
        context: &'a Context,
        people: &'a [UserId],
        within: Span,
    ) -> BoxFuture<'a, Result<HashMap<UserId, String>, DbError>> {
        Box::pin(reads::merged_by_project(&context.db, people, within))
    }

    fn pending<'a>(
        &'a self,
        context: &'a Context,
        person: UserId,
    ) -> BoxFuture<'a, Result<Option<Pending>, DbError>> {
        Box::pin(reads::pending_of(&context.db, person))
    }

    fn resettle<'a>(
        &'a self,
        context: &'a Context,
        mode: SettlementMode,
        progress: &'a mut (dyn FnMut(usize) + Send),
    ) -> BoxFuture<'a, Result<Resettled, DbError>> {
        Box::pin(actions::resettle(context, mode, progress))
    }

    fn mismatches<'a>(
        &'a self,
        context: &'a Context,
    ) -> BoxFuture<'a, Result<Vec<Mismatch>, DbError>> {
        Box::pin(actions::mismatches(context))
    }

    fn awaiting<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<usize, DbError>> {
        Box::pin(actions::awaiting_windows(context))
    }

    fn closes_after<'a>(
        &'a self,
        context: &'a Context,
    ) -> BoxFuture<'a, Result<TimeDelta, DbError>> {
        Box::pin(async move {
            let days = reads::longest_maturing(&context.db).await?;
            let start = Timestamp::UNIX_EPOCH;
            let closes_at = closes_at(Some(start), days).unwrap_or(start);
            Ok(closes_at - start)
        })
    }

    fn dump<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<CanonicalPart, DbError>> {
        Box::pin(reads::dump(&context.db))
    }

    fn describe<'a>(
        &'a self,
        context: &'a Context,
        entries: &'a [EntryWithExplanation],
    ) -> BoxFuture<'a, Result<Vec<EntryDescription>, DbError>> {
        Box::pin(reads::describe(&context.db, entries))
    }

    fn targets<'a>(
        &'a self,
        context: &'a Context,
        kind: &'a str,
        ids: &'a BTreeSet<Uuid>,
    ) -> BoxFuture<'a, Result<Targets, DbError>> {
        Box::pin(async move {
            match kind {
                "pull_request" => reads::pull_targets(&context.db, ids).await,
                "project" => projects(context, ids).await,
                "season" => seasons(context, ids).await,
                "fair_play_flag" => flags(context, ids).await,
                "dispute" => disputes(context, ids).await,
                _ => Ok(HashMap::new()),
            }
        })
    }

    fn boards(&self) -> &'static [&'static BoardFamily] {
        &[&PROJECT_BOARDS, &SEASON_BOARDS, &SKILL_BOARDS]
    }

    fn metrics(&self) -> &'static [&'static Metric] {
        &[&MERGED_PULL_REQUESTS]
    }

    fn achievements<'a>(
        &'a self,
        facts: Facts<'a>,
        people: &'a [UserId],
    ) -> BoxFuture<'a, Result<Vec<Achievement>, DbError>> {
        Box::pin(async move {
            match facts {
                Facts::Current(db) => reads::achievements(db, people).await,
                Facts::Within(tx) => reads::achievements(tx, people).await,
            }
        })
    }

    fn champions<'a>(
        &'a self,
        context: &'a Context,
        share: Share,
    ) -> BoxFuture<'a, Result<Vec<Champion>, DbError>> {
        Box::pin(reads::project_champions(&context.db, share))
    }
}

/// The metric of merged pull requests that the rules do not exclude.
const MERGED_PULL_REQUESTS: Metric =
    Metric { code: MERGED, one: "merged pull request", many: "merged pull requests" };

async fn projects(context: &Context, ids: &BTreeSet<Uuid>) -> Result<Targets, DbError> {
    let ids = ids.iter().copied().map(ProjectId::new);
    let slugs = reads::slugs_of(&context.db, ids).await?.into_iter();
    let named = |(id, slug): (ProjectId, String)| {
        let address = format!("/projects/{slug}");
        (id.0, (slug, address))
    };
    Ok(slugs.map(named).collect())
}

async fn seasons(context: &Context, ids: &BTreeSet<Uuid>) -> Result<Targets, DbError> {
    let ids = ids.iter().copied().map(SeasonId::new);
    let slugs = reads::season_slugs_of(&context.db, ids).await?.into_iter();
    let named = |(id, (slug, is_public)): (SeasonId, (String, bool))| {
        // Only its form shows a season that is not public.
        let address =
            if is_public { format!("/seasons/{slug}") } else { format!("/seasons/{slug}/edit") };
        (id.0, (slug, address))
    };
    Ok(slugs.map(named).collect())
}

async fn flags(context: &Context, ids: &BTreeSet<Uuid>) -> Result<Targets, DbError> {
    let numbers = reads::flag_numbers(&context.db, ids).await?.into_iter();
    let named = |(id, number)| (id, (format!("F-{number}"), format!("/admin/fair-play/{number}")));
    Ok(numbers.map(named).collect())
}

async fn disputes(context: &Context, ids: &BTreeSet<Uuid>) -> Result<Targets, DbError> {
    let numbers = reads::dispute_numbers(&context.db, ids).await?.into_iter();
    let named = |(id, number)| (id, (format!("D-{number}"), format!("/disputes/D-{number}")));
    Ok(numbers.map(named).collect())
}

pub const PROJECT_BOARDS: BoardFamily = BoardFamily {
    one: "project",
    many: "projects",
    address: "/projects",
    has_months: true,
    ends: false,
    flag: Some(FLAG),
    find: |context, slug| {
        Box::pin(async move { Ok(reads::project(&context.db, slug).await?.map(board)) })
    },
    list: |context, limit| {
        Box::pin(async move {
            let projects = reads::projects(&context.db, ProjectPart::Current, "", limit).await?;
            Ok(projects.into_iter().map(board).collect())
        })
    },
};

pub const SEASON_BOARDS: BoardFamily = BoardFamily {
    one: "season",
    many: "seasons",
    address: "/seasons",
    has_months: false,
    ends: true,
    flag: Some(FLAG),
    find: |context, slug| {
        Box::pin(async move {
            let season = reads::season(&context.db, slug).await?;
            let now = context.now();
            let public = season.filter(|season| season.state(now).is_public());
            Ok(public.map(season_named))
        })
    },
    list: |context, limit| {
        Box::pin(async move {
            let seasons = reads::seasons(&context.db, SeasonPart::Public, None, limit).await?;
            Ok(seasons.into_iter().map(season_named).collect())
        })
    },
};

fn season_named(season: SeasonView) -> NamedBoard {
    NamedBoard { key: season.board(), slug: season.slug, name: season.name }
}

/// The family of the boards of skills, which are the tags of projects.
pub const SKILL_BOARDS: BoardFamily = BoardFamily {
    one: "skill",
    many: "skills",
    address: "/projects",
    has_months: false,
    ends: false,
    flag: Some(FLAG),
    find: |context, slug| {
        Box::pin(async move {
            let skills = reads::skills(&context.db).await?.into_keys();
            let mut found = skills.filter(|skill| skill.slug == slug);
            Ok(found.next().map(skill_named))
        })
    },
    list: |context, limit| {
        Box::pin(async move {
            let limit = usize::try_from(limit).unwrap_or(0);
            let skills = reads::skills(&context.db).await?.into_keys();
            Ok(skills.take(limit).map(skill_named).collect())
        })
    },
};

fn skill_named(skill: Skill) -> NamedBoard {
    NamedBoard { key: skill_board(&skill.slug), slug: skill.slug, name: skill.name }
}

fn board(project: ProjectView) -> NamedBoard {
    NamedBoard { key: project_board(project.id.into()), slug: project.slug, name: project.name }
}
