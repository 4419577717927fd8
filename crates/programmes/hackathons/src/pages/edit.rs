//! The form that creates and changes a hackathon.

use askama::Template;
use axum::{extract::State, response::Response};
use chrono::TimeDelta;
use chrono_tz::Tz;
use identity::rules::timezone_named;
use kernel::{Checks, Problem, Timestamp, counted, listed};
use platform::{Context, db::DbError, web::WebError};
use serde::Deserialize;
use ui::{Filled, Form, PageError, PageResult, redirect, show};

use super::HackathonCard;
use crate::{
    access::{Host, Organizer},
    actions::{NewHackathon, create_hackathon, edit_hackathon, replace_invite_code},
    model::{DEFAULT_CONDUCT, DESCRIPTION, Places, SUMMARY, TITLE, Visibility},
    reads::{self, HackathonView},
    rules::{
        details::{HackathonInput, lines_of_questions, questions_of_lines, tags_of_field},
        instants::for_field,
        invalid,
        presets::Preset,
        timeline::Timeline,
    },
};

/// A date of the form: its field, label and hint.
type DateField = (&'static str, &'static str, &'static str);

const DATES: [DateField; 6] = [
    ("application_opens_at", "Applications open", ""),
    ("application_closes_at", "Applications close", ""),
    ("submission_opens_at", "Submissions open", ""),
    ("submission_closes_at", "Submissions close", ""),
    ("judging_opens_at", "Judging begins", "Leave both empty for a hackathon without judging"),
    ("judging_closes_at", "Judging ends", ""),
];

#[derive(Template)]
#[template(path = "edit_hackathon.html")]
struct EditPage {
    /// The hackathon; absent for a new one.
    card: Option<HackathonCard>,
    /// The invitation link.
    link: Option<String>,
    form: Form,
}

impl EditPage {
    fn value(&self, name: &str) -> &str {
        self.form.value(name)
    }

    /// Returns whether the dates are unfolded: they are those of a hackathon that exists, or one was refused.
    fn is_about_dates(&self) -> bool {
        self.card.is_some()
            || self.form.refuses(&Timeline::FIELDS)
            || self.form.refuses(&["timezone", "confirm_by"])
    }

    fn dates_set(&self) -> String {
        let zone = self.value("timezone");
        match (self.value("application_opens_at"), self.value("confirm_by")) {
            ("", _) => format!("applications open now and close a week before it begins · {zone}"),
            (_, "") => zone.to_owned(),
            _ => format!("places are confirmed · {zone}"),
        }
    }

    fn texts_set(&self) -> String {
        let parts = [
            ("summary", "a summary"),
            ("description", "a description"),
            ("requirements", "requirements"),
            ("prizes", "prizes"),
            ("tags", "tags"),
        ];
        let set = parts.into_iter().filter(|(field, _)| !self.value(field).trim().is_empty());
        match set.map(|(_, words)| words).collect::<Vec<_>>() {
            none if none.is_empty() => "no description yet".to_owned(),
            set => listed(&set, "and"),
        }
    }

    fn applications_set(&self) -> String {
        let chosen = |heading: Option<&'static str>, usual| heading.unwrap_or(usual);
        let open = Visibility::named(self.value("visibility")).map(Visibility::heading);
        let open = chosen(open, Visibility::ALL[0].heading());
        let places = Places::named(self.value("places")).map(Places::heading);
        let places = chosen(places, Places::ALL[0].heading());
        let asked = questions_of_lines(self.value("questions")).len();
        format!("{open} · {places} · {}", counted(asked, "question", "questions"))
    }

    fn teams_set(&self) -> String {
        format!("{} to {} people", self.value("team_min"), self.value("team_max"))
    }

    /// Returns whether an option of a list is chosen; the first is, before anything is.
    fn is_chosen(&self, name: &str, value: &str, is_first: bool) -> bool {
        match self.value(name) {
            "" => is_first,
            chosen => chosen == value,
        }
    }
}

/// The fields of the form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EditFields {
    slug: String,
    /// The preset that a new hackathon starts from.
    preset: String,
    /// When a new hackathon begins; its dates follow.
    begins_at: String,
    title: String,
    summary: String,
    description: String,
    requirements: String,
    prizes: String,
    conduct: String,
    tags: String,
    questions: String,
    visibility: String,
    places: String,
    capacity: String,
    confirm_by: String,
    late_registration: String,
    team_min: String,
    team_max: String,
    timezone: String,
    application_opens_at: String,
    application_closes_at: String,
    submission_opens_at: String,
    submission_closes_at: String,
    judging_opens_at: String,
    judging_closes_at: String,
    based_on: String,
}

impl EditFields {
    /// Enters the dates of a new hackathon that were left empty, if its beginning is known or none was entered.
    fn complete(&mut self, now: Timestamp) -> Option<Problem> {
        let dates = [
            &mut self.application_opens_at,
            &mut self.application_closes_at,
            &mut self.submission_opens_at,
            &mut self.submission_closes_at,
            &mut self.judging_opens_at,
            &mut self.judging_closes_at,
        ];
        let is_entered = dates.iter().any(|date| !date.trim().is_empty());
        if self.begins_at.trim().is_empty() && is_entered {
            return None;
        }
        let preset = Preset::named(&self.preset).unwrap_or(Preset::Weekend);
        // A zone that is not valid is refused by its own field.
        let zone = timezone_named(&self.timezone).unwrap_or(Tz::UTC);
        let (derived, problem) = match preset.dates(&self.begins_at, zone, now) {
            Ok(derived) => (derived, None),
            Err(problem) => (example(zone, now), Some(problem)),
        };
        for (date, derived) in dates.into_iter().zip(derived) {
            if date.trim().is_empty() {
                *date = derived;
            }
        }
        problem
    }

    /// Returns what a new hackathon is created from.
    fn new_input(mut self, now: Timestamp) -> HackathonInput {
        let problem = self.complete(now);
        let mut input = self.input();
        let mut unread = Checks::after(problem);
        input.unread.take().into_iter().for_each(|problem| unread.refuse(problem));
        HackathonInput { unread: unread.problem(), ..input }
    }

    fn input(self) -> HackathonInput {
        let mut unread = Checks::default();
        let capacity = match self.capacity.trim() {
            "" => Ok(None),
            typed => number("capacity", typed).map(Some),
        };
        let capacity = unread.value(capacity);
        let team_min = unread.value(number("team_min", &self.team_min));
        let team_max = unread.value(number("team_max", &self.team_max));
        HackathonInput {
            title: Some(self.title),
            summary: Some(self.summary),
            description: Some(self.description),
            requirements: Some(self.requirements),
            prizes: Some(self.prizes),
            conduct: Some(self.conduct),
            tags: Some(tags_of_field(&self.tags)),
            questions: Some(questions_of_lines(&self.questions)),
            visibility: Some(self.visibility),
            places: Some(self.places),
            capacity,
            confirm_by: Some(self.confirm_by),
            late_registration: Some(self.late_registration == "yes"),
            team_min,
            team_max,
            timezone: Some(self.timezone),
            based_on: self.based_on.parse().ok(),
            dates: [
                self.application_opens_at,
                self.application_closes_at,
                self.submission_opens_at,
                self.submission_closes_at,
                self.judging_opens_at,
                self.judging_closes_at,
            ]
            .map(Some),
            unread: unread.problem(),
        }
    }
}

/// Returns dates that fit each other, in place of those that follow from a beginning that is not valid.
fn example(zone: Tz, now: Timestamp) -> [String; 6] {
    let begins = for_field(now + TimeDelta::days(30), zone);
    Preset::Evening.dates(&begins, zone, now).unwrap_or_default()
}

/// Reads a whole number of the form.
fn number(field: &'static str, typed: &str) -> Result<i64, Problem> {
    typed.trim().parse().map_err(|_| {
        let detail = format!("'{}' is not a whole number. Enter one.", typed.trim());
        invalid(field, detail)
    })
}

/// `GET /hackathons/new`.
pub(super) async fn blank(State(context): State<Context>, Host(viewer): Host) -> PageResult {
    let zone = identity::reads::timezone(&context.db, viewer.user_id).await?;
    let form = Form::default()
        .with("timezone", zone.name())
        .with("conduct", DEFAULT_CONDUCT)
        .with("team_min", "1")
        .with("team_max", "4");
    show(&EditPage { card: None, link: None, form })
}

/// `POST /hackathons/new`.
pub(super) async fn create(
    State(context): State<Context>,
    Host(viewer): Host,
    Filled(fields, form): Filled<EditFields>,
) -> Result<Response, PageError> {
    let slug = Some(fields.slug.clone());
    let new = NewHackathon { slug, details: fields.new_input(context.now()) };
    match create_hackathon(&context, viewer.user_id, new).await {
        Ok(hackathon) => {
            let said = format!("{} is a draft. Publish it when it is ready", hackathon.title);
            Ok(redirect(&format!("{}/edit", hackathon.address()), &said))
        }
        Err(error) => {
            let again = async |form| show(&EditPage { card: None, link: None, form });
            form.refused(error, again).await
        }
    }
}

/// `GET /hackathons/{slug}/edit`.
pub(super) async fn edit(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
) -> PageResult {
    let form = stored(&context, &hackathon).await?;
    show(&page(&context, &hackathon, form))
}

fn page(context: &Context, hackathon: &HackathonView, form: Form) -> EditPage {
    let is_public = hackathon.visibility == Visibility::Public;
    EditPage {
        card: Some(HackathonCard::of(hackathon, context.now())),
        link: (!is_public).then(|| {
            format!(
                "{}{}?invitation={}",
                ui::frame::community().site,
                hackathon.address(),
                hackathon.invite_code
            )
        }),
        form,
    }
}

/// Fills the form with what is stored.
async fn stored(context: &Context, hackathon: &HackathonView) -> Result<Form, DbError> {
    let (id, version) = (hackathon.key(), hackathon.conduct_version);
    let conduct = reads::conduct(&context.db, id, version).await?;
    let capacity = hackathon.capacity.map(|places| places.to_string());
    let confirm_by = hackathon.confirm_by;
    let confirm_by = confirm_by.map(|at| for_field(at, hackathon.zone()));
    let late = if hackathon.late_registration { "yes" } else { "" };
    let form = Form::default()
        .with("title", &hackathon.title)
        .with("summary", &hackathon.summary)
        .with("description", &hackathon.description)
        .with("requirements", &hackathon.requirements)
        .with("prizes", &hackathon.prizes)
        .with("conduct", conduct)
        .with("tags", hackathon.tags().join(", "))
        .with("questions", lines_of_questions(&hackathon.questions()))
        .with("visibility", hackathon.visibility.as_str())
        .with("places", hackathon.places.as_str())
        .with("capacity", capacity.unwrap_or_default())
        .with("confirm_by", confirm_by.unwrap_or_default())
        .with("late_registration", late)
        .with("team_min", hackathon.team_min.to_string())
        .with("team_max", hackathon.team_max.to_string())
        .with("timezone", hackathon.zone().name())
        .with("based_on", hackathon.sequence.to_string());
    let dates = hackathon.timeline();
    let shown = if dates.has_judging() { 6 } else { 4 };
    let parts = dates.parts().into_iter().take(shown);
    Ok(parts.fold(form, |form, (field, _, at)| form.with(field, for_field(at, hackathon.zone()))))
}

/// `POST /hackathons/{slug}/edit`.
pub(super) async fn save(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Filled(fields, form): Filled<EditFields>,
) -> Result<Response, PageError> {
    let input = fields.input();
    match edit_hackathon(&context, viewer.actor(), &hackathon.slug, &input).await {
        Ok(hackathon) => {
            let address = format!("{}/edit", hackathon.address());
            Ok(redirect(&address, "The changes are saved"))
        }
        Err(error) => {
            let again = async |form| show(&page(&context, &hackathon, form));
            form.refused(error, again).await
        }
    }
}

/// `POST /hackathons/{slug}/invitation`: replaces the invitation link.
pub(super) async fn replace_invitation(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
) -> Result<Response, PageError> {
    let replaced = replace_invite_code(&context, viewer.actor(), &hackathon.slug).await;
    replaced.map_err(WebError::from)?;
    let said = "The invitation link is replaced. The former one no longer works";
    Ok(redirect(&format!("{}/edit", hackathon.address()), said))
}
