//! The extractor of a leaderboard: a handler that takes a [`Leaderboard`] serves each of them.

use std::collections::HashMap;

use axum::{extract::FromRequestParts, http::request::Parts};
use kernel::{Month, ParseMonthError, Problem, ProblemKind};
use platform::{
    Context,
    web::{Path, WebError},
};

use crate::{
    model::{BoardFamily, GLOBAL, NamedBoard, month_board},
    reads,
};

/// The leaderboard that an address names: by `{month}`, or by `{slug}` in the routes of a family of boards.
#[derive(Clone, Debug)]
pub enum Leaderboard {
    /// Of everyone, of all time.
    AllTime,
    /// Of everyone, of a month.
    Month(Month),
    /// One that a programme adds.
    Named {
        /// Its family.
        family: &'static BoardFamily,
        /// The board.
        board: NamedBoard,
    },
}

impl Leaderboard {
    /// The key of its board.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::AllTime => GLOBAL.to_owned(),
            Self::Month(month) => month_board(*month),
            Self::Named { board, .. } => board.key.clone(),
        }
    }

    /// Finds the leaderboard that the parameters of a path name.
    pub(crate) async fn find(
        context: &Context,
        family: Option<&'static BoardFamily>,
        parameters: &HashMap<String, String>,
    ) -> Result<Self, WebError> {
        match (family, parameters.get("slug"), parameters.get("month")) {
            (Some(family), Some(slug), _) => {
                let found = (family.find)(context, slug).await?;
                let unknown = || {
                    Problem::not_found(format!(
                        "Unknown {} '{slug}'. See /leaderboards.",
                        family.one
                    ))
                };
                let board = found.ok_or_else(unknown)?;
                Ok(Self::Named { family, board })
            }
            (_, _, Some(month)) => Ok(Self::Month(month_of(context, month).await?)),
            _ => Ok(Self::AllTime),
        }
    }
}

impl FromRequestParts<Context> for Leaderboard {
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, context: &Context) -> Result<Self, WebError> {
        let Path(parameters) = Path::from_request_parts(parts, context).await?;
        Self::find(context, family(parts), &parameters).await
    }
}

/// The family whose routes a request took: an extension of these routes.
pub(crate) fn family(parts: &Parts) -> Option<&'static BoardFamily> {
    parts.extensions.get::<&'static BoardFamily>().copied()
}

async fn month_of(context: &Context, text: &str) -> Result<Month, WebError> {
    let month: Month = text.parse().map_err(|error: ParseMonthError| {
        Problem::new(ProblemKind::Malformed, "BAD_MONTH", format!("{error}."))
    })?;
    if reads::has_board(&context.db, month, Month::of(context.now())).await? {
        return Ok(month);
    }
    let detail = format!(
        "There is no leaderboard for {month}. See /leaderboards/months for all months with points."
    );
    Err(Problem::not_found(detail).into())
}
