//! The extractor of leaderboards. A handler that takes a [`Leaderboard`] serves all of them.

use std::collections::HashMap;

use axum::{extract::FromRequestParts, http::request::Parts};
use kernel::{Month, ParseMonthError, Problem, ProblemKind};
use platform::{
    Context,
    web::{Path, WebError},
};
use serde::Deserialize;

use crate::{
    model::{BoardFamily, GLOBAL, NamedBoard, board_in_month, month_board},
    reads,
};

/// The leaderboard selected by a path: by `{month}`, and by `{slug}` in the routes of a board family.
#[derive(Clone, Debug, Default)]
pub struct Leaderboard {
    /// The board that a programme adds, with its family. Absent for the leaderboard of everyone.
    pub named: Option<(&'static BoardFamily, NamedBoard)>,
    /// The month. Absent for all time.
    pub month: Option<Month>,
}

impl Leaderboard {
    /// Returns the key of the leaderboard's board.
    #[must_use]
    pub fn key(&self) -> String {
        match (&self.named, self.month) {
            (None, None) => GLOBAL.to_owned(),
            (None, Some(month)) => month_board(month),
            (Some((_, board)), None) => board.key.clone(),
            (Some((_, board)), Some(month)) => board_in_month(&board.key, month),
        }
    }

    /// Returns the board that a programme adds.
    #[must_use]
    pub fn board(&self) -> Option<&NamedBoard> {
        self.named.as_ref().map(|(_, board)| board)
    }

    /// Returns the same leaderboard in a month, or of all time.
    #[must_use]
    pub fn at(&self, month: Option<Month>) -> Self {
        Self { named: self.named.clone(), month }
    }

    /// Finds the leaderboard selected by the parameters of a path.
    pub(crate) async fn find(
        context: &Context,
        family: Option<&'static BoardFamily>,
        parameters: &HashMap<String, String>,
    ) -> Result<Self, WebError> {
        let mut leaderboard = Self::default();
        if let (Some(family), Some(slug)) = (family, parameters.get("slug")) {
            let unknown = || {
                let one = family.one;
                Problem::not_found(format!("Unknown {one} '{slug}'. See /leaderboards."))
            };
            let board = (family.find)(context, slug).await?;
            leaderboard.named = Some((family, board.ok_or_else(unknown)?));
        }
        if let Some(month) = parameters.get("month") {
            leaderboard.month = Some(month_of(context, month).await?);
        }
        Ok(leaderboard)
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

/// The parameter of a path that names a month.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct MonthOf {
    pub(crate) month: String,
}

/// Returns the month of a path, which must have a leaderboard.
pub(crate) async fn month_of(context: &Context, text: &str) -> Result<Month, WebError> {
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
