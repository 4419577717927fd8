use askama::Template;
use axum::{extract::State, response::Response};
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{Confirmation, Filled, Form, PageError, PageResult, format::tame, redirect, show};
use uuid::Uuid;

use crate::{
    access::{RosterCoach, RosterMaker},
    actions::{self, NewYear},
    model::Division,
    reads::{self, ContinuingCompetitor, RosterView},
    rules::rosters::{CoachInput, NAME, REGION, RosterInput, SCHOOL, YearEnd, next_school_year},
};

#[derive(Template)]
#[template(path = "new_roster.html")]
struct NewRosterPage {
    /// True for an admin, who becomes a coach with the roster.
    is_first: bool,
    form: Form,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct RosterFields {
    name: String,
    school: String,
    school_year: String,
    timezone: String,
}

impl RosterFields {
    /// Returns the settings to validate.
    pub(super) fn input(self) -> RosterInput {
        RosterInput {
            name: self.name,
            school: self.school,
            school_year: self.school_year,
            timezone: self.timezone,
        }
    }
}

/// `GET /ctf/rosters/new`.
pub(super) async fn blank(
    State(context): State<Context>,
    RosterMaker { viewer, coach }: RosterMaker,
) -> PageResult {
    let timezone = identity::reads::timezone(&context.db, viewer.user_id).await?;
    let school = coach.as_ref().map_or("", |coach| &coach.school);
    let form = Form::default().with("school", school).with("timezone", timezone.name());
    show(&NewRosterPage { is_first: coach.is_none(), form })
}

/// `POST /ctf/rosters/new`.
pub(super) async fn create(
    State(context): State<Context>,
    RosterMaker { viewer, coach }: RosterMaker,
    Filled(fields, form): Filled<RosterFields>,
) -> Result<Response, PageError> {
    let input = fields.clone().input();
    let created = match &coach {
        Some(coach) => actions::create_roster(&context, coach, &input).await,
        None => {
            let own = CoachInput {
                school: input.school.clone(),
                division: form.value("division").to_owned(),
                region: form.value("region").to_owned(),
            };
            actions::create_first_roster(&context, viewer.user_id, &own, &input).await
        }
    };
    match created {
        Ok(id) => {
            let said = format!("{} is created. Add its competitors", tame(&fields.name));
            Ok(redirect(&format!("/ctf/rosters/{id}/settings"), &said))
        }
        Err(error) => {
            let is_first = coach.is_none();
            let again = async |form| show(&NewRosterPage { is_first, form });
            form.refused(error, again).await
        }
    }
}

/// `GET /ctf/rosters/{roster}/archive`: asks before a roster is archived.
pub(super) async fn ask_to_archive(RosterCoach { roster, .. }: RosterCoach) -> PageResult {
    show(&Confirmation {
        question: format!("Archive {}?", tame(&roster.name)),
        consequence: "The roster and its teams can no longer be changed, and its competitors and scores stay as they are now. Its links stop working. To continue with the same competitors, begin a new school year instead.".to_owned(),
        facts: vec![
            ("School", roster.school.clone()),
            ("School year", roster.school_year.clone()),
        ],
        action: format!("{}/archive", roster.address()),
        fields: Vec::new(),
        button: "Archive roster".to_owned(),
        is_ending: true,
        back: format!("{}/settings", roster.address()),
    })
}

/// `POST /ctf/rosters/{roster}/archive`.
pub(super) async fn archive(
    State(context): State<Context>,
    RosterCoach { viewer, roster, .. }: RosterCoach,
) -> Result<Response, PageError> {
    let archived = actions::archive_roster(&context, viewer.actor(), roster.key()).await;
    archived.map_err(WebError::from)?;
    let said = format!("{} is archived", tame(&roster.name));
    Ok(redirect("/ctf", &said))
}

/// `GET /ctf/rosters/{roster}/reopen`: asks before the end of a school year is undone.
pub(super) async fn ask_to_reopen(
    State(context): State<Context>,
    RosterCoach { roster, .. }: RosterCoach,
) -> PageResult {
    let next = reads::next_roster(&context.db, roster.key()).await?;
    let next = next.map_or_else(String::new, |next| {
        format!(" They leave {}, {}, which is deleted.", tame(&next.name), next.school_year)
    });
    show(&Confirmation {
        question: format!("Reopen {}?", tame(&roster.name)),
        consequence: format!(
            "The end of the school year {} is undone: its competitors are on this roster again, with the grades and teams of that year.{next} Links that stopped working stay revoked.",
            roster.school_year
        ),
        facts: vec![("School", roster.school.clone())],
        action: format!("{}/reopen", roster.address()),
        fields: Vec::new(),
        button: "Reopen roster".to_owned(),
        is_ending: false,
        back: format!("{}/settings", roster.address()),
    })
}

/// `POST /ctf/rosters/{roster}/reopen`.
pub(super) async fn reopen(
    State(context): State<Context>,
    RosterCoach { viewer, roster, .. }: RosterCoach,
) -> Result<Response, PageError> {
    let reopened = actions::reopen_roster(&context, viewer.actor(), roster.key()).await;
    reopened.map_err(WebError::from)?;
    let said = format!("{} is open again", tame(&roster.name));
    Ok(redirect(&format!("{}/settings", roster.address()), &said))
}

#[derive(Template)]
#[template(path = "new_school_year.html")]
struct NewYearPage {
    roster: RosterView,
    competitors: Vec<ContinuingCompetitor>,
    form: Form,
}

impl NewYearPage {
    /// Returns the grade in which a competitor continues; nothing for one who graduates.
    fn year_end(&self, row: &ContinuingCompetitor) -> Option<String> {
        match YearEnd::after(row.grade, 1) {
            YearEnd::Continues(grade) => {
                Some(grade.map_or_else(String::new, |grade| format!("grade {grade} next year")))
            }
            YearEnd::Graduates => None,
        }
    }

    fn continues(&self, id: &Uuid) -> bool {
        let is_submitted = self.form.value("submitted") == "yes";
        self.form.has("competitor", &id.to_string(), true) || !is_submitted
    }
}

/// `GET /ctf/rosters/{roster}/new-year`.
pub(super) async fn ask_for_year(State(context): State<Context>, coach: RosterCoach) -> PageResult {
    let roster = &coach.roster;
    let form = Form::default()
        .with("name", &roster.name)
        .with("school_year", next_school_year(&roster.school_year));
    render_year(&context, &coach, form).await
}

/// Shows the form. It names competitors, so that the read of an admin is recorded, also after an error.
async fn render_year(context: &Context, coach: &RosterCoach, form: Form) -> PageResult {
    coach.note(context).await?;
    let roster = &coach.roster;
    show(&NewYearPage {
        competitors: reads::continuing(&context.db, roster.key()).await?,
        roster: roster.clone(),
        form,
    })
}

/// The fields of the form that begins a school year, besides the chosen competitors.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct YearFields {
    name: String,
    school_year: String,
}

/// `POST /ctf/rosters/{roster}/new-year`.
pub(super) async fn start_year(
    State(context): State<Context>,
    coach: RosterCoach,
    Filled(fields, form): Filled<YearFields>,
) -> Result<Response, PageError> {
    let chosen = form.fields().iter().filter(|(name, _)| name == "competitor");
    let chosen = chosen.filter_map(|(_, id)| Uuid::try_parse(id).ok());
    let new = NewYear {
        name: fields.name,
        school_year: fields.school_year,
        competitors: chosen.map(Into::into).collect(),
    };
    let (actor, id) = (coach.viewer.actor(), coach.roster.key());
    match actions::start_school_year(&context, actor, id, &new).await {
        Ok(started) => {
            let moved = kernel::counted(started.moved, "competitor", "competitors");
            let graduated = match started.graduated {
                0 => String::new(),
                number => format!(". {number} graduated"),
            };
            let said = format!(
                "The school year {} begins with {moved}{graduated}",
                tame(&new.school_year)
            );
            let address = format!("/ctf/rosters/{}/settings", started.roster);
            Ok(redirect(&address, &said))
        }
        Err(error) => {
            let again = |form| render_year(&context, &coach, form);
            form.refused(error, again).await
        }
    }
}
