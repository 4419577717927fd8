use askama::Template;
use axum::{extract::State, response::Response};
use chrono::NaiveDate;
use kernel::{Problem, ProblemKind};
use platform::Context;
use serde::Deserialize;
use ui::{Filled, Form, PageError, PageResult, redirect, show};

use super::{
    SeasonCard,
    new_season::{CHOOSE, Start},
};
use crate::{
    access::Organizer,
    actions::change_season,
    model::SeasonId,
    reads::{self, SeasonView},
    rules::{
        Candidate, RulesDocument,
        rule_words::in_plain_words,
        seasons::{GOAL, SeasonInput},
    },
};

#[derive(Template)]
#[template(path = "edit_season.html")]
pub(super) struct EditPage {
    /// The season; absent for a new one.
    pub(super) season: Option<SeasonCard>,
    /// The proposals for a new one.
    pub(super) start: Option<Start>,
    pub(super) form: Form,
}

impl EditPage {
    fn value(&self, name: &str) -> &str {
        self.form.value(name)
    }

    fn is_registered_only(&self) -> bool {
        self.form.value("who") != "everyone"
    }

    fn registration_set(&self) -> String {
        let (from, until) =
            (self.value("registration_first_day"), self.value("registration_last_day"));
        let days = match (from, until) {
            ("", "") => "open until the last day".to_owned(),
            ("", until) => format!("open until {until}"),
            (from, "") => format!("from {from} to the last day"),
            (from, until) => format!("from {from} to {until}"),
        };
        let who = if self.is_registered_only() { "registered people" } else { "everyone" };
        let has_consent = !self.value("consent").trim().is_empty();
        let consent = if has_consent { "your" } else { "the usual" };
        format!("{days} · the leaderboard shows {who} · participants agree to {consent} text")
    }

    fn rules_set(&self) -> String {
        let goal = match self.value("goal").trim() {
            "" => "no goal".to_owned(),
            goal => format!("a goal of {goal}"),
        };
        let is_usual = self.rules().is_some_and(|rules| rules == RulesDocument::newest());
        let rules = if is_usual { "the usual rules" } else { "own rules for this season" };
        format!("{goal} · {rules}")
    }

    /// Says in a sentence which rules the form has; `None` while they cannot be read.
    fn rules_say(&self) -> Option<String> {
        self.rules().as_ref().map(in_plain_words)
    }

    /// Returns the rules of the form as they would be stored; `None` while they cannot be read.
    fn rules(&self) -> Option<RulesDocument> {
        let typed = self.value("rules").trim();
        let read = Candidate::read(if typed.is_empty() { "{}" } else { typed });
        read.ok().map(|candidate| candidate.document)
    }

    fn texts_set(&self) -> &'static str {
        match self.value("description").trim() {
            "" => "no description yet",
            _ => "a description",
        }
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SeasonFields {
    pub(super) slug: String,
    pub(super) name: String,
    description: String,
    /// The chosen days of a new season.
    pub(super) when: String,
    pub(super) first_day: String,
    pub(super) last_day: String,
    registration_first_day: String,
    registration_last_day: String,
    goal: String,
    who: String,
    consent: String,
    rules: String,
}

impl SeasonFields {
    pub(super) fn input(self) -> SeasonInput {
        let (goal, unread) = match whole_number(self.goal.trim()) {
            Ok(goal) => (Some(goal), None),
            Err(problem) => (None, Some(problem)),
        };
        SeasonInput {
            name: Some(self.name),
            description: Some(self.description),
            first_day: Some(self.first_day),
            last_day: Some(self.last_day),
            registration_first_day: Some(self.registration_first_day),
            registration_last_day: Some(self.registration_last_day),
            consent: Some(self.consent),
            goal,
            rules: Some(self.rules),
            is_registered_only: Some(self.who != "everyone"),
            unread,
        }
    }
}

/// Reads the goal, which is 0 if the season has none.
fn whole_number(goal: &str) -> Result<i64, Problem> {
    let number = match goal {
        "" => Ok(0),
        goal => goal.parse(),
    };
    number.map_err(|_| {
        let detail =
            format!("'{goal}' is not a whole number from 0 to {GOAL}. Leave it empty for no goal.");
        Problem::new(ProblemKind::Invalid, "BAD_SEASON", detail).at("goal")
    })
}

/// `GET /seasons/{slug}/edit`.
pub(super) async fn edit(
    State(context): State<Context>,
    Organizer { season, .. }: Organizer,
) -> PageResult {
    let form = stored(&context, &season).await?;
    show(&EditPage { season: Some(SeasonCard::of(&season, context.now())), start: None, form })
}

/// Fills the form with what is stored.
async fn stored(context: &Context, season: &SeasonView) -> Result<Form, platform::db::DbError> {
    let id = SeasonId::new(season.id);
    let consent = reads::consent(&context.db, id, season.consent_version).await?;
    let (days, registration) = (season.days(), season.registration());
    let goal = Some(season.goal).filter(|goal| *goal > 0);
    let shown = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let who = if season.is_registered_only { "registered" } else { "everyone" };
    Ok(Form::default()
        .with("name", &season.name)
        .with("description", &season.description)
        .with("first_day", days.first.to_string())
        .with("last_day", days.last.to_string())
        .with("registration_first_day", shown(registration.first))
        .with("registration_last_day", shown(registration.own_last(days)))
        .with("goal", goal.map(|goal| goal.to_string()).unwrap_or_default())
        .with("who", who)
        .with("consent", consent)
        .with("rules", &season.rules))
}

/// `POST /seasons/{slug}/edit`.
pub(super) async fn save(
    State(context): State<Context>,
    Organizer { viewer, season }: Organizer,
    Filled(fields, form): Filled<SeasonFields>,
) -> Result<Response, PageError> {
    match change_season(&context, viewer.actor(), &season.slug, fields.input()).await {
        Ok(season) => {
            let address = format!("/seasons/{}/edit", season.slug);
            Ok(redirect(&address, "The changes are saved"))
        }
        Err(error) => {
            let season = Some(SeasonCard::of(&season, context.now()));
            let again = async |form| show(&EditPage { season, start: None, form });
            form.refused(error, again).await
        }
    }
}
