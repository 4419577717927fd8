//! The form that changes a hackathon, and creates one (`new_hackathon`).

use askama::Template;
use axum::{extract::State, response::Response};
use kernel::{Checks, Problem, listed, typed::misread};
use platform::{Context, db::DbError, slug, web::WebError};
use serde::Deserialize;
use ui::{Filled, Form, PageError, PageResult, redirect, show};

use super::{
    HackathonCard,
    new_hackathon::{COPY, Start},
};
use crate::{
    access::Organizer,
    actions::{edit_hackathon, replace_invite_code},
    model::{DESCRIPTION, Held, Places, SUMMARY, TITLE, VENUE, Visibility},
    reads::{self, HackathonView},
    rules::{
        details::{HackathonInput, lines_of_questions, questions_of_lines, tags_of_field},
        draft_words,
        instants::{for_field, shown},
        invalid,
        presets::Preset,
        timeline::Timeline,
        weekends::span,
    },
};

/// The icons of the parts of the form: the `d` of their paths.
pub(super) const PICTURE: &str =
    "M3.5 4.5h17v15h-17zM3.5 16l5-5 4 4 3-3 5 5M16.5 9a1.5 1.5 0 1 1-3 0 1.5 1.5 0 0 1 3 0z";
pub(super) const PERSON: &str =
    "M16 8.5a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM4.5 21c.6-5 3.5-7 7.5-7s6.9 2 7.5 7";
pub(super) const PEOPLE: &str = "M12.5 8.5a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0zM2.5 20c.5-4.5 3-6.5 6.5-6.5s6 2 6.5 6.5\
    M16 5.3a3.5 3.5 0 0 1 0 6.4M18 14c2 .9 3.2 2.9 3.5 6";
const GLOBE: &str =
    "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM3 12h18M12 3c3 3 4 6 4 9s-1 6-4 9c-3-3-4-6-4-9s1-6 4-9z";
pub(super) const PIN: &str = "M12 21.5c5-5.5 7-8.5 7-11.7a7 7 0 0 0-14 0c0 3.2 2 6.2 7 11.7zM14.5 9.7a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z";

/// The icons of what is set after the draft is made, in the order of its words.
const LATER: [&str; 4] = [
    "M8.5 7l-5 5 5 5M15.5 7l5 5-5 5M13.5 5l-3 14",
    "M12 4v16M8 20h8M5 7h14M5 7l-2.5 6h5zM19 7l-2.5 6h5z",
    "M7 4h10v5a5 5 0 0 1-10 0zM7 6H4c0 3 1 4.5 3.5 4.5M17 6h3c0 3-1 4.5-3.5 4.5M12 14v4M8.5 20h7",
    "M3.5 5.5h17v13h-17zM3.5 6.5l8.5 7 8.5-7",
];

/// Returns what is set after the draft is made: its name, what holds until then, and its icon.
fn later() -> impl Iterator<Item = ((&'static str, String), &'static str)> {
    draft_words::later().into_iter().zip(LATER)
}

/// Returns the icon of a kind of place.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
const fn icon(held: &Held) -> &'static str {
    match held {
        Held::Online => GLOBE,
        Held::Onsite => PIN,
        Held::Both => PEOPLE,
    }
}

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
pub(super) struct EditPage {
    /// The hackathon; absent for a new one.
    pub(super) card: Option<HackathonCard>,
    /// The start of a new hackathon; absent for one that exists.
    pub(super) start: Option<Start>,
    /// The invitation link.
    pub(super) link: Option<String>,
    pub(super) form: Form,
}

impl HackathonCard {
    /// Returns the days of the projects with their weekdays, and their hours.
    fn span(&self) -> (String, String) {
        let dates = self.timeline;
        span(dates.submission_opens_at, dates.submission_closes_at, self.zone)
    }
}

impl EditPage {
    fn value(&self, name: &str) -> &str {
        self.form.value(name)
    }

    /// Returns what was typed into a field, or other words if it is empty.
    fn shown<'a>(&'a self, name: &str, otherwise: &'a str) -> &'a str {
        Some(self.value(name)).filter(|typed| !typed.trim().is_empty()).unwrap_or(otherwise)
    }

    fn picture_set(&self) -> &'static str {
        match &self.card {
            Some(HackathonCard { picture: Some(_), .. }) => "your own picture",
            _ => "a picture drawn from the name",
        }
    }

    /// Returns the slug of a new one: as typed, else from its name; `None` before it has a name.
    fn slug(&self) -> Option<String> {
        let typed = Some(self.value("slug").trim()).filter(|typed| slug::is_usable(typed));
        typed.map(str::to_owned).or_else(|| slug::from_name(self.value("title")))
    }

    /// Returns the path of the picture that the preview shows.
    fn picture(&self) -> String {
        let slug = self.slug().unwrap_or_else(|| "hackathon".to_owned());
        self.card.as_ref().map_or_else(|| ui::drawn("hackathon", &slug), HackathonCard::banner)
    }

    /// Returns the address, as far as it is known.
    fn address(&self) -> String {
        let community = ui::frame::community();
        let own = self.card.as_ref().map(HackathonCard::address);
        let new = || self.slug().unwrap_or_else(|| "its-name".to_owned());
        let path = own.unwrap_or_else(|| format!("/hackathons/{}", new()));
        format!("{}{path}", draft_words::host(&community.site))
    }

    /// Returns when it is, for the preview: the days of one that exists, or the beginning of a new one, with weekdays.
    fn when(&self) -> String {
        let own = self.card.as_ref().map(|card| card.span().0);
        let begins = || self.start.as_ref()?.begins(&self.form);
        own.or_else(begins).unwrap_or_else(|| "its days".to_owned())
    }

    /// Returns the hours of one that exists, or how long a new one lasts.
    fn hours(&self) -> String {
        match &self.card {
            Some(card) => card.span().1,
            None if self.value("preset").starts_with(COPY) => AS_THEN.to_owned(),
            None => {
                Preset::named(self.value("preset")).unwrap_or(Preset::Weekend).lasts().to_owned()
            }
        }
    }

    /// Returns until when people can apply, for the preview.
    fn applies_until(&self) -> String {
        match &self.card {
            Some(card) => shown(card.timeline.application_closes_at, card.zone),
            None => "a week before it begins".to_owned(),
        }
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

    fn picture_and_texts_set(&self) -> String {
        format!("{} · {}", self.picture_set(), self.texts_set())
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

    fn applications_and_teams_set(&self) -> String {
        let applications = draft_words::applications(
            Visibility::named(self.value("visibility")).unwrap_or(Visibility::Public),
            Places::named(self.value("places")).unwrap_or(Places::Automatic),
            questions_of_lines(self.value("questions")).len(),
        );
        let (least, most) = (self.value("team_min"), self.value("team_max"));
        format!("{applications} · teams of {least} to {most}")
    }

    /// Returns whether an option of a list is chosen; the first is, before anything is.
    fn is_chosen(&self, name: &str, value: &str, is_first: bool) -> bool {
        match self.value(name) {
            "" => is_first,
            chosen => chosen == value,
        }
    }
}

/// How long a repeated hackathon lasts, in words.
const AS_THEN: &str = "as long as then";

/// The fields of the form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct EditFields {
    /// The next step for a new hackathon: `preview` shows its page first, `form` returns from there; otherwise it is created.
    pub(super) then: String,
    pub(super) slug: String,
    /// The preset that a new hackathon starts from.
    pub(super) preset: String,
    /// When a new hackathon begins, as a weekend that was chosen.
    pub(super) when: String,
    /// When it begins, as typed; its dates follow.
    pub(super) begins_at: String,
    pub(super) title: String,
    pub(super) summary: String,
    pub(super) description: String,
    pub(super) requirements: String,
    pub(super) prizes: String,
    pub(super) conduct: String,
    pub(super) tags: String,
    pub(super) questions: String,
    pub(super) visibility: String,
    pub(super) places: String,
    pub(super) held: String,
    pub(super) venue: String,
    pub(super) capacity: String,
    pub(super) confirm_by: String,
    pub(super) late_registration: String,
    pub(super) team_min: String,
    pub(super) team_max: String,
    pub(super) timezone: String,
    pub(super) application_opens_at: String,
    pub(super) application_closes_at: String,
    pub(super) submission_opens_at: String,
    pub(super) submission_closes_at: String,
    pub(super) judging_opens_at: String,
    pub(super) judging_closes_at: String,
    pub(super) based_on: String,
}

impl EditFields {
    pub(super) fn input(self) -> HackathonInput {
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
            held: Some(self.held),
            venue: Some(self.venue),
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

/// Reads a whole number of the form.
fn number(field: &'static str, typed: &str) -> Result<i64, Problem> {
    let unread = |_| invalid(field, misread(typed, "a whole number", ""));
    typed.trim().parse().map_err(unread)
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
        start: None,
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
        .with("held", hackathon.held.map_or("", Held::as_str))
        .with("venue", hackathon.venue.as_deref().unwrap_or_default())
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
