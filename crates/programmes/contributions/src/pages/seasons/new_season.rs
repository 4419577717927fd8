//! A new season: a name, days and projects make a draft, all of which the page proposes.

use axum::{extract::State, response::Response};
use chrono::{NaiveDate, TimeDelta};
use identity::{access::Admin, model::Viewer};
use platform::{Context, db::DbError};
use ui::{Filled, Form, PageError, PageResult, pick::MOST_CHOICES, redirect, show};

use super::edit::{EditPage, SeasonFields};
use crate::{
    actions::{NewSeason, create_season_with},
    reads::{self, SeasonCandidate},
    rules::seasons::{
        SeasonDays, SeasonPreset, USUAL_GOAL, chosen_days, name_of, named, parse_day,
    },
};

/// The time since when a merge makes a project likely for a season.
const LATELY: TimeDelta = TimeDelta::days(90);
/// The value of the choice of other days than those of a preset.
pub(super) const CHOOSE: &str = "choose";

/// Proposals for a new season.
pub(super) struct Start {
    pub(super) presets: [SeasonPreset; 3],
    /// The projects that the form offers, those with merges first.
    pub(super) projects: Vec<SeasonCandidate>,
}

impl Start {
    async fn read(context: &Context, today: NaiveDate) -> Result<Self, DbError> {
        let most = i64::try_from(MOST_CHOICES).unwrap_or(i64::MAX);
        let since = context.now() - LATELY;
        Ok(Self {
            presets: SeasonPreset::all(today),
            projects: reads::season_candidates(&context.db, since, most).await?,
        })
    }

    /// Returns the form with what the page proposes.
    fn proposed(&self) -> Form {
        let usual = self.presets.iter().find(|it| it.is_usual);
        let name = usual.map(|it| name_of(it.days)).unwrap_or_default();
        let form = Form::default().with("name", name).with("goal", USUAL_GOAL.to_string());
        // In a new community, no project has merges yet.
        let is_new = !self.projects.iter().any(|it| it.is_active);
        let likely = self.projects.iter().filter(|it| it.is_active || is_new);
        likely.fold(form, |form, it| form.with("project", &it.slug))
    }

    /// Returns the chosen preset: at first the usual one. `None` if other days are entered.
    fn chosen(&self, form: &Form) -> Option<&SeasonPreset> {
        const TYPED: [&str; 2] = ["first_day", "last_day"];
        let when = form.value("when");
        let is_typed = when.is_empty() && TYPED.iter().any(|day| !form.value(day).is_empty());
        if when == CHOOSE || is_typed || form.refuses(&TYPED) {
            return None;
        }
        let found = self.presets.iter().find(|it| it.value() == when);
        found.or_else(|| self.presets.iter().find(|it| it.is_usual))
    }

    pub(super) fn is_chosen(&self, form: &Form, preset: &SeasonPreset) -> bool {
        self.chosen(form) == Some(preset)
    }

    /// Returns whether other days than those of a preset are entered.
    pub(super) fn is_own(&self, form: &Form) -> bool {
        self.chosen(form).is_none()
    }
}

/// Returns the day at a person.
async fn today(context: &Context, viewer: &Viewer) -> Result<NaiveDate, DbError> {
    let zone = identity::reads::timezone(&context.db, viewer.user_id).await?;
    Ok(context.now().with_timezone(&zone).date_naive())
}

/// `GET /seasons/new`.
pub(super) async fn blank(State(context): State<Context>, Admin(viewer): Admin) -> PageResult {
    let start = Start::read(&context, today(&context, &viewer).await?).await?;
    let form = start.proposed();
    show(&EditPage { season: None, start: Some(start), form })
}

/// `POST /seasons/new`.
pub(super) async fn create(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Filled(mut fields, form): Filled<SeasonFields>,
) -> Result<Response, PageError> {
    let today = today(&context, &viewer).await?;
    enter_days(&mut fields, today);
    let slug = Some(fields.slug.clone());
    let new = NewSeason { slug, details: fields.input() };
    let boxes = form.fields().iter().filter(|(name, _)| name == "project");
    let projects: Vec<String> = boxes.map(|(_, slug)| slug.clone()).collect();
    match create_season_with(&context, viewer.actor(), new, &projects).await {
        Ok(season) if projects.is_empty() => {
            let said = format!("{} is a draft. Add its projects", season.name);
            Ok(redirect(&format!("/seasons/{}/projects", season.slug), &said))
        }
        Ok(season) => {
            let said = format!("{} is a draft", season.name);
            Ok(redirect(&format!("/seasons/{}/publish", season.slug), &said))
        }
        Err(error) => {
            let again = |form| render(&context, today, form);
            form.refused(error, again).await
        }
    }
}

async fn render(context: &Context, today: NaiveDate, form: Form) -> PageResult {
    let start = Some(Start::read(context, today).await?);
    show(&EditPage { season: None, start, form })
}

/// Enters the chosen days, and the name that follows from them unless another is typed.
fn enter_days(fields: &mut SeasonFields, today: NaiveDate) {
    if fields.when.is_empty() {
        return;
    }
    let preset = chosen_days(&fields.when);
    if let Some(days) = preset {
        fields.first_day = days.first.to_string();
        fields.last_day = days.last.to_string();
    }
    if let Some(days) = preset.or_else(|| typed_days(fields)) {
        fields.name = named(&fields.name, days, today);
    }
}

fn typed_days(fields: &SeasonFields) -> Option<SeasonDays> {
    let day = |text: &str| parse_day(text.trim()).ok();
    Some(SeasonDays { first: day(&fields.first_day)?, last: day(&fields.last_day)? })
}
