//! The extractor of leaderboards. A handler that takes a [`Leaderboard`] serves all of them.

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

/// The leaderboard selected by a path: by `{month}`, or by `{slug}` in the routes of a board family.
#[derive(Clone, Debug)]
pub enum Leaderboard {
    /// The all-time leaderboard of everyone.
    AllTime,
    /// The leaderboard of everyone in a month.
    Month(Month),
    /// A leaderboard added by a programme.
    Named {
        /// Its family.
        family: &'static BoardFamily,
        /// The board.
        board: NamedBoard,
    },
}

impl Leaderboard {
    /// Returns the key of the leaderboard's board.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Self::AllTime => GLOBAL.to_owned(),
            Self::Month(month) => month_board(*month),
            Self::Named { board, .. } => board.key.clone(),
        }
    }

    /// Finds the leaderboard selected by the parameters of a path.
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

/// Returns the board family of a request, an extension of the routes of families.
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
