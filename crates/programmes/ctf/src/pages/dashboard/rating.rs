//! The question how well the dashboard helps a coach.

use axum::{Extension, extract::State, response::Response};
use platform::{Context, db::DbError};
use serde::Deserialize;
use ui::{Filled, Form, PageError, redirect};

use super::{members::MemberQuery, page};
use crate::{
    access::RosterReader,
    actions,
    gateway::Platforms,
    reads::{self, KeptFigures},
    rules::rollout_goals::LEVELS,
};

/// The question, with the coach's present answer.
pub(super) struct Rating {
    pub(super) form: Form,
    /// The answer that is stored, as text; empty if there is none.
    stored: String,
}

impl Rating {
    /// Reads the answer of a coach or an assistant; `None` for an admin without a role on the roster.
    pub(super) async fn read(
        context: &Context,
        reader: &RosterReader,
        form: Form,
    ) -> Result<Option<Self>, DbError> {
        if reader.role.is_none() {
            return Ok(None);
        }
        let coach = reads::coach_of(&context.db, reader.viewer.user_id).await?;
        let stored = coach.and_then(|coach| coach.rating);
        Ok(Some(Self { form, stored: stored.map(|rating| rating.to_string()).unwrap_or_default() }))
    }

    /// Returns the levels, each with whether it is chosen.
    pub(super) fn levels(&self) -> Vec<(i64, &'static str, bool)> {
        let chosen = self.form.value_or("rating", &self.stored);
        let level =
            |(level, words): (i64, &'static str)| (level, words, chosen == level.to_string());
        LEVELS.into_iter().map(level).collect()
    }

    /// Returns whether the coach has answered.
    pub(super) fn is_answered(&self) -> bool {
        !self.stored.is_empty()
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RatingFields {
    rating: String,
}

/// `POST /ctf/rosters/{roster}/rating`.
pub(super) async fn rate(
    State(context): State<Context>,
    Extension(platforms): Extension<Platforms>,
    Extension(kept): Extension<KeptFigures>,
    reader: RosterReader,
    Filled(fields, form): Filled<RatingFields>,
) -> Result<Response, PageError> {
    let person = reader.viewer.user_id;
    match actions::rate_dashboard(&context, person, &fields.rating).await {
        Ok(()) => Ok(redirect(
            &reader.roster.address(),
            "Your rating is saved. You can change it at any time",
        )),
        Err(error) => {
            let again = |form| {
                page::render((&context, &platforms, &kept), &reader, MemberQuery::default(), form)
            };
            form.refused(error, again).await
        }
    }
}
