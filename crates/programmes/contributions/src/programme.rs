//! This module's implementation of a programme.

use std::collections::{BTreeSet, HashMap};

use futures_util::future::BoxFuture;
use platform::{Context, db::DbError};
use recognition::{
    Programme, Targets,
    model::{
        BoardFamily, CanonicalPart, EntryDescription, EntryWithExplanation, Mismatch, NamedBoard,
        Resettled, SettlementMode,
    },
};
use uuid::Uuid;

use crate::{
    actions,
    model::{ProjectId, SOURCE, project_board},
    reads::{self, ProjectPart, ProjectView},
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
            if kind != "project" {
                return Ok(HashMap::new());
            }
            let ids = ids.iter().copied().map(ProjectId::new);
            let slugs = reads::slugs_of(&context.db, ids).await?.into_iter();
            let named = |(id, slug): (ProjectId, String)| {
                let address = format!("/projects/{slug}");
                (id.0, (slug, address))
            };
            Ok(slugs.map(named).collect())
        })
    }

    fn boards(&self) -> &'static [&'static BoardFamily] {
        &[&PROJECT_BOARDS]
    }
}

/// The family of project boards.
pub const PROJECT_BOARDS: BoardFamily = BoardFamily {
    one: "project",
    many: "projects",
    address: "/projects",
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

fn board(project: ProjectView) -> NamedBoard {
    NamedBoard {
        key: project_board(project.id.into()),
        slug: project.slug,
        name: project.name,
    }
}
