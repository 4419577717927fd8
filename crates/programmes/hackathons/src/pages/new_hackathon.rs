//! A new hackathon: three answers make a draft, whose other dates and texts follow from a kind of event or from an earlier one.

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use chrono::TimeDelta;
use chrono_tz::Tz;
use identity::{model::Viewer, rules::timezone_named};
use kernel::{Checks, Problem, Timestamp};
use platform::{ActionError, Context, db::DbError, slug, web::WebError};
use ui::{Filled, Form, PageError, PageResult, redirect, show};

use super::{
    edit::{EditFields, EditPage},
    event,
};
use crate::{
    access::Host,
    actions::{NewHackathon, create_hackathon},
    model::{DEFAULT_CONDUCT, Held, Places, Visibility},
    reads::{self, HackathonPart, HackathonView},
    rules::{
        details::{HackathonDetails, HackathonInput, lines_of_questions},
        instants::for_field,
        invalid,
        presets::{Plan, Preset},
        weekends::{Weekend, in_full, weekends},
    },
};

/// The number of earlier hackathons that can be repeated.
const EARLIER: i64 = 5;
/// The number of latest hackathons with which a weekend is compared.
const OTHERS: i64 = 50;
/// The beginning of the value that stands for an earlier hackathon, before its slug.
pub(super) const COPY: &str = "copy:";

/// The start of a new hackathon.
pub(super) struct Start {
    pub(super) weekends: Vec<Weekend>,
    /// The values and the names of earlier hackathons of the person.
    pub(super) earlier: Vec<(String, String)>,
}

impl Start {
    /// Returns whether a weekend is chosen: at first the earliest one that is free.
    pub(super) fn is_chosen(&self, form: &Form, weekend: &Weekend) -> bool {
        match form.value("when") {
            "" if form.value("begins_at").is_empty() => {
                let free = self.weekends.iter().find(|it| it.other.is_none());
                free == Some(weekend)
            }
            chosen => chosen == weekend.begins,
        }
    }

    /// Returns the beginning with its weekday and its hour: as typed, else that of the chosen weekend.
    pub(super) fn begins(&self, form: &Form) -> Option<String> {
        let chosen = self.weekends.iter().find(|it| self.is_chosen(form, it));
        in_full(form.value("begins_at")).or_else(|| in_full(&chosen?.begins))
    }
}

async fn start(context: &Context, viewer: &Viewer, zone: Tz) -> Result<Start, DbError> {
    let db = &context.db;
    let others = reads::hackathons(db, HackathonPart::Listed, None, OTHERS).await?;
    let others = others.into_iter().filter(|it| it.steps().canceled_at.is_none());
    let others: Vec<_> = others.map(|it| (it.title.clone(), it.timeline())).collect();
    let own = HackathonPart::OrganizedBy(viewer.user_id);
    let earlier = reads::hackathons(db, own, None, EARLIER).await?;
    Ok(Start {
        weekends: weekends(context.now(), zone, &others),
        earlier: earlier.into_iter().map(|it| (format!("{COPY}{}", it.slug), it.title)).collect(),
    })
}

async fn render(context: &Context, viewer: &Viewer, zone: Tz, form: Form) -> PageResult {
    let start = Some(start(context, viewer, zone).await?);
    show(&EditPage { card: None, start, link: None, form })
}

/// `GET /hackathons/new`.
pub(super) async fn blank(State(context): State<Context>, Host(viewer): Host) -> PageResult {
    let zone = identity::reads::timezone(&context.db, viewer.user_id).await?;
    let form = Form::default()
        .with("timezone", zone.name())
        .with("conduct", DEFAULT_CONDUCT)
        .with("team_min", "1")
        .with("team_max", "4");
    render(&context, &viewer, zone, form).await
}

/// `POST /hackathons/new`: creates the draft, shows its page before, or returns from there to the form.
pub(super) async fn create(
    State(context): State<Context>,
    Host(viewer): Host,
    Filled(fields, form): Filled<EditFields>,
) -> Result<Response, PageError> {
    let (zone, now) = (zone_of(&fields), context.now());
    if fields.then == "form" {
        return Ok(render(&context, &viewer, zone, form).await?.into_response());
    }
    let is_preview = fields.then == "preview";
    let slug = Some(fields.slug.clone());
    let earlier = match fields.preset.strip_prefix(COPY) {
        Some(slug) => earlier(&context, &viewer, slug).await?,
        None => None,
    };
    let new = NewHackathon { slug, details: new_input(fields, earlier.as_ref(), now) };
    let made = if is_preview {
        imagined(&context, &new).await
    } else {
        create_hackathon(&context, viewer.user_id, new).await
    };
    match made {
        Ok(hackathon) if is_preview => {
            Ok(event::preview(hackathon, &viewer, now, &form)?.into_response())
        }
        Ok(hackathon) => {
            let said = format!("{} is a draft. Publish it when it is ready", hackathon.title);
            Ok(redirect(&format!("{}/edit", hackathon.address()), &said))
        }
        Err(error) => {
            let again = async |form| render(&context, &viewer, zone, form).await;
            form.refused(error, again).await
        }
    }
}

/// Returns the hackathon as it would be if it were published now. Nothing is stored.
async fn imagined(context: &Context, new: &NewHackathon) -> Result<HackathonView, ActionError> {
    let db = &context.db;
    let is_taken = |slug: String| async move { Ok(reads::hackathon(db, &slug).await?.is_some()) };
    let details = HackathonDetails::read(&new.details, None);
    let given = new.slug.as_deref();
    let (slug, details) = slug::chosen_for(given, details, |it| &it.title, is_taken).await?;
    Ok(HackathonView::imagined(slug, details, context.now()))
}

/// Returns the zone of the dates. One that is not valid is refused by its own field.
fn zone_of(fields: &EditFields) -> Tz {
    timezone_named(&fields.timezone).unwrap_or(Tz::UTC)
}

/// Returns the details of a hackathon that the person organizes.
async fn earlier(
    context: &Context,
    viewer: &Viewer,
    slug: &str,
) -> Result<Option<HackathonDetails>, WebError> {
    let db = &context.db;
    let Some(found) = reads::hackathon(db, slug).await? else {
        return Ok(None);
    };
    let role = reads::role_in(db, found.key(), viewer.user_id).await?;
    if role != Some(crate::model::StaffRole::Organizer) {
        return Ok(None);
    }
    let conduct = reads::conduct(db, found.key(), found.conduct_version).await?;
    Ok(Some(found.details(conduct)))
}

/// Returns what a new hackathon is created from.
fn new_input(
    mut fields: EditFields,
    earlier: Option<&HackathonDetails>,
    now: Timestamp,
) -> HackathonInput {
    let is_unknown = fields.preset.starts_with(COPY) && earlier.is_none();
    let mut unread = Checks::default();
    if is_unknown {
        let detail = "This is no hackathon that you organize. Start from another one.";
        unread.refuse(invalid("preset", detail.to_owned()));
    }
    if let Some(earlier) = earlier {
        repeat(&mut fields, earlier);
    }
    complete(&mut fields, earlier, now).into_iter().for_each(|problem| unread.refuse(problem));
    let mut input = fields.input();
    input.unread.take().into_iter().for_each(|problem| unread.refuse(problem));
    HackathonInput { unread: unread.problem(), ..input }
}

/// Enters what was left as the page proposes it from an earlier hackathon.
fn repeat(fields: &mut EditFields, earlier: &HackathonDetails) {
    let late = if earlier.late_registration { "yes" } else { "" };
    let capacity = earlier.capacity.map(|places| places.to_string()).unwrap_or_default();
    let held = earlier.held.map_or("", Held::as_str);
    if fields.team_min.trim() == "1" && fields.team_max.trim() == "4" {
        fields.team_min = earlier.team_min.to_string();
        fields.team_max = earlier.team_max.to_string();
    }
    for (field, usual, own) in [
        (&mut fields.summary, "", earlier.summary.clone()),
        (&mut fields.description, "", earlier.description.clone()),
        (&mut fields.requirements, "", earlier.requirements.clone()),
        (&mut fields.prizes, "", earlier.prizes.clone()),
        (&mut fields.tags, "", earlier.tags.join(", ")),
        (&mut fields.questions, "", lines_of_questions(&earlier.questions)),
        (&mut fields.conduct, DEFAULT_CONDUCT.trim(), earlier.conduct.clone()),
        (&mut fields.visibility, Visibility::ALL[0].as_str(), earlier.visibility.as_str().into()),
        (&mut fields.places, Places::ALL[0].as_str(), earlier.places.as_str().into()),
        (&mut fields.late_registration, "", late.to_owned()),
        (&mut fields.capacity, "", capacity),
        (&mut fields.held, "", held.to_owned()),
        (&mut fields.venue, "", earlier.venue.clone()),
    ] {
        let typed = field.trim().replace("\r\n", "\n");
        if typed.is_empty() || typed == usual {
            *field = own;
        }
    }
}

/// Enters the dates that were left empty, if its beginning is known or none was entered.
fn complete(
    fields: &mut EditFields,
    earlier: Option<&HackathonDetails>,
    now: Timestamp,
) -> Option<Problem> {
    let zone = zone_of(fields);
    let begins = match fields.begins_at.trim() {
        "" => fields.when.trim().to_owned(),
        typed => typed.to_owned(),
    };
    let preset = Preset::named(&fields.preset).unwrap_or(Preset::Weekend);
    let plan = earlier.map_or_else(|| preset.plan(), |earlier| Plan::of(&earlier.timeline));
    let dates = [
        &mut fields.application_opens_at,
        &mut fields.application_closes_at,
        &mut fields.submission_opens_at,
        &mut fields.submission_closes_at,
        &mut fields.judging_opens_at,
        &mut fields.judging_closes_at,
    ];
    let is_entered = dates.iter().any(|date| !date.trim().is_empty());
    if begins.is_empty() && is_entered {
        return None;
    }
    let (derived, problem) = match plan.dates(&begins, zone, now) {
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

/// Returns dates that fit each other, in place of those that follow from a beginning that is not valid.
fn example(zone: Tz, now: Timestamp) -> [String; 6] {
    let begins = for_field(now + TimeDelta::days(30), zone);
    Preset::Evening.plan().dates(&begins, zone, now).unwrap_or_default()
}
