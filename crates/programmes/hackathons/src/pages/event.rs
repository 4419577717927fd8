//! The list of hackathons, and the page of one.

use askama::Template;
use axum::{Extension, extract::State};
use identity::{
    access::MaybePerson,
    model::{Role, Viewer},
};
use kernel::Timestamp;
use platform::{Context, db::DbError, outbox::Post};
use serde::Deserialize;
use ui::{
    Form, PageResult, QueryString, drawn_as, format::Instant, markdown, patterns::Shape, show,
};

use super::{HackathonCard, LocalNow};
use crate::{
    access::SeenHackathon,
    actions::{FunnelStage, count},
    model::{ApplicationStatus, Phase, StaffRole, Visibility},
    reads::{
        self, AnnouncementView, ApplicationView, Counts, HackathonPart, HackathonView,
        OwnApplication, PrizeAwardView, PrizeView, StaffView, TeamView,
    },
    rules::{
        calendar_token::token,
        confirmations::placed_before,
        surveys::{Window, window},
        teams::shown_code,
        tracks::Track,
    },
};

/// The number of announcements on the page of a hackathon.
const ANNOUNCEMENTS: i64 = 50;

/// The number of hackathons on a page.
const ROWS: usize = 25;

/// The part of the list that a URL selects.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ListQuery {
    cursor: String,
}

#[derive(Template)]
#[template(path = "hackathons.html")]
struct ListPage {
    /// The hackathons that are not over.
    open: Vec<HackathonCard>,
    /// The hackathons that are over.
    past: Vec<HackathonCard>,
    /// The hackathons in whose staff the viewer is.
    staffed: Vec<HackathonCard>,
    own: Vec<OwnApplication>,
    next: Option<String>,
    is_first: bool,
    is_signed_in: bool,
    is_host: bool,
}

impl ListPage {
    /// Returns the parts of the list, with their IDs and headings.
    fn parts(&self) -> [(&'static str, &'static str, &[HackathonCard]); 2] {
        [("open", "Open", &self.open), ("past", "Past", &self.past)]
    }
}

/// `GET /hackathons`.
pub(super) async fn list(
    State(context): State<Context>,
    MaybePerson(viewer): MaybePerson,
    QueryString(query): QueryString<ListQuery>,
) -> PageResult {
    let (now, is_first) = (context.now(), query.cursor.is_empty());
    let after = (!is_first).then_some(query.cursor.as_str());
    let limit = ROWS as i64 + 1;
    let mut found = reads::hackathons(&context.db, HackathonPart::Listed, after, limit).await?;
    let more = found.len() > ROWS;
    found.truncate(ROWS);
    let next = found.last().filter(|_| more).map(|last| last.slug.clone());
    let card = |hackathon: &HackathonView| HackathonCard::of(hackathon, now);
    let (past, open): (Vec<_>, Vec<_>) =
        found.iter().map(card).partition(|card| card.phase.has_ended());
    let mut page = ListPage {
        open,
        past,
        staffed: Vec::new(),
        own: Vec::new(),
        next,
        is_first,
        is_signed_in: viewer.is_some(),
        is_host: false,
    };
    if let Some(viewer) = viewer {
        page.is_host = is_host(&context, &viewer).await?;
        if is_first {
            let part = HackathonPart::StaffedBy(viewer.user_id);
            let staffed = reads::hackathons(&context.db, part, None, 100).await?;
            let shown = staffed.iter().map(card);
            page.staffed = shown.filter(|card| card.phase != Phase::Archived).collect();
            page.own = reads::own_applications(&context.db, viewer.user_id).await?;
        }
    }
    show(&page)
}

async fn is_host(context: &Context, viewer: &Viewer) -> Result<bool, DbError> {
    Ok(viewer.acts_as(Role::Admin) || reads::is_host(&context.db, viewer.user_id).await?)
}

/// A date on the page of a hackathon.
struct PhaseRow {
    label: &'static str,
    dates: String,
    is_done: bool,
    is_current: bool,
}

#[derive(Template)]
#[template(path = "hackathon.html")]
struct EventPage {
    card: HackathonCard,
    hackathon: HackathonView,
    phases: Vec<PhaseRow>,
    description: String,
    requirements: String,
    prizes: String,
    tracks: Vec<Track>,
    /// The prizes, in their order.
    prize_list: Vec<PrizeView>,
    /// The submissions that won prizes.
    winners: Vec<PrizeAwardView>,
    /// The latest announcements that the viewer got, with their text as HTML.
    announcements: Vec<(AnnouncementView, String)>,
    now: LocalNow,
    /// True if the viewer's submission won a prize.
    has_won: bool,
    /// True if the viewer can answer a survey.
    is_surveyed: bool,
    results: String,
    staff: Vec<StaffView>,
    counts: Counts,
    own: Option<ApplicationView>,
    place: Option<i64>,
    team: Option<TeamView>,
    /// The teams that invited the viewer.
    invitations: Vec<TeamView>,
    is_signed_in: bool,
    is_organizer: bool,
    role: Option<StaffRole>,
    is_insider: bool,
    invitation: String,
    kept_invitation: String,
    /// The address of the calendar file.
    calendar: String,
    /// The fields of the form of a new hackathon, as they were typed; absent for one that exists.
    typed: Option<Vec<(String, String)>>,
}

impl EventPage {
    /// Creates the page that guests see of a hackathon about which nothing else is known.
    fn of(hackathon: HackathonView, now: Timestamp) -> Self {
        let card = HackathonCard::of(&hackathon, now);
        Self {
            phases: phases(&card),
            card,
            description: markdown::typed(&hackathon.description),
            requirements: markdown::typed(&hackathon.requirements),
            prizes: markdown::typed(&hackathon.prizes),
            tracks: Vec::new(),
            prize_list: Vec::new(),
            winners: Vec::new(),
            announcements: Vec::new(),
            now: LocalNow(now, hackathon.zone()),
            has_won: false,
            is_surveyed: false,
            results: markdown::typed(&hackathon.results),
            staff: Vec::new(),
            counts: Counts::default(),
            own: None,
            place: None,
            team: None,
            invitations: Vec::new(),
            is_signed_in: false,
            is_organizer: false,
            role: None,
            is_insider: false,
            invitation: String::new(),
            kept_invitation: String::new(),
            calendar: String::new(),
            typed: None,
            hackathon,
        }
    }

    /// Returns the path and the description of its banner, its own or the drawn one.
    fn banner(&self) -> (String, String) {
        let drawn = || drawn_as(Shape::Street, "hackathon", &self.hackathon.slug);
        self.hackathon.picture().unwrap_or_else(|| (drawn(), String::new()))
    }

    /// Returns the path of its arms.
    fn mark(&self) -> String {
        drawn_as(Shape::Arms, "hackathon", &self.hackathon.slug)
    }

    /// Returns the viewer's application, unless it is withdrawn.
    fn application(&self) -> Option<&ApplicationView> {
        let own = self.own.as_ref();
        own.filter(|own| own.status != ApplicationStatus::Withdrawn)
    }

    /// Returns the time by which the viewer has to confirm their place, if they have not.
    fn confirm_by(&self) -> Option<Timestamp> {
        let own = self.own.as_ref()?;
        let has_to = own.status.holds_place() && own.confirmed_at.is_none();
        let confirm_by = self.hackathon.confirm_by.filter(|_| has_to)?;
        let must = self.card.now < confirm_by && own.status_at <= placed_before(confirm_by);
        must.then_some(confirm_by)
    }

    /// Returns the viewer's code for the check-in, while they have a place and it can be used.
    fn check_in_code(&self) -> Option<String> {
        let is_past = self.card.phase.has_ended();
        let code = self.own.as_ref()?.check_in_code().map(shown_code);
        code.filter(|_| !is_past)
    }

    /// Returns the role that keeps the viewer from taking part.
    fn deciding_role(&self) -> Option<StaffRole> {
        self.role.filter(|role| !role.may_take_part())
    }

    fn takes_applications(&self) -> bool {
        self.hackathon.takes_applications(self.card.now)
    }

    /// Returns the instant until which people apply.
    fn applications_end(&self) -> Timestamp {
        self.hackathon.applications_end(self.card.now)
    }

    /// Returns whether late registration has no place.
    fn is_late_and_full(&self) -> bool {
        let admitted = self.hackathon.admit_late(&self.counts, self.card.now);
        admitted.is_err()
    }

    /// Returns whether the viewer could apply if they had an invitation.
    fn needs_invitation(&self) -> bool {
        self.hackathon.visibility != Visibility::Public
            && self.role.is_none()
            && self.invitation != self.hackathon.invite_code
    }

    /// Returns how many places are taken, in words.
    fn occupancy(&self) -> String {
        match self.hackathon.capacity {
            Some(capacity) => format!("{} of {capacity} places taken", self.counts.accepted),
            None => kernel::counted(self.counts.accepted, "person takes part", "people take part"),
        }
    }

    fn team_size(&self) -> String {
        match (self.hackathon.team_min, self.hackathon.team_max) {
            (min, max) if min == max => kernel::counted(min, "person", "people"),
            (min, max) => format!("{min} to {max} people"),
        }
    }
}

/// `GET /hackathons/{slug}`.
pub(super) async fn page(
    State(context): State<Context>,
    Extension(post): Extension<Post>,
    seen: SeenHackathon,
) -> PageResult {
    let (db, id) = (&context.db, seen.hackathon.key());
    let guest = EventPage::of(seen.hackathon.clone(), context.now());
    let has_results = guest.card.has_results;
    let own = seen.application.as_ref();
    let place = match own {
        Some(own) => reads::place_on_waitlist(db, own).await?,
        None => None,
    };
    let (team, invitations) = match &seen.viewer {
        Some(viewer) => (
            reads::team_of(db, id, viewer.user_id).await?,
            reads::invitations(db, id, viewer.user_id).await?,
        ),
        None => (None, Vec::new()),
    };
    let has_won = match &seen.viewer {
        Some(viewer) if has_results => !reads::prizes_of(db, id, viewer.user_id).await?.is_empty(),
        _ => false,
    };
    let is_surveyed = is_surveyed(&context, &seen).await?;
    let announced = match &seen.viewer {
        Some(viewer) => {
            reads::announcements(db, id, Some(viewer.user_id), None, ANNOUNCEMENTS).await?
        }
        None => Vec::new(),
    };
    let announced = announced.into_iter().map(|it| {
        let html = markdown::typed(&it.body);
        (it, html)
    });
    let winners = if has_results { reads::prize_winners(db, id).await? } else { Vec::new() };
    if seen.role.is_none() {
        count(FunnelStage::Viewed, 1);
    }
    show(&EventPage {
        calendar: calendar(&seen, &post),
        tracks: reads::tracks(db, id).await?,
        prize_list: reads::prizes(db, id).await?,
        winners,
        announcements: announced.collect(),
        has_won,
        is_surveyed,
        staff: reads::staff(db, id).await?,
        counts: reads::counts(db, id).await?,
        place,
        team: team.map(|(team, _)| team),
        invitations,
        is_signed_in: seen.viewer.is_some(),
        is_organizer: seen.organizes(),
        role: seen.role,
        is_insider: own.is_some_and(|own| own.status.is_open())
            || seen.organizes()
            || seen.role.is_some(),
        own: seen.application.clone(),
        kept_invitation: seen.kept_invitation(),
        invitation: seen.invitation,
        ..guest
    })
}

/// Renders a new hackathon as guests would see it if it were published now, with a way back to its form.
pub(super) fn preview(
    hackathon: HackathonView,
    by: &Viewer,
    now: Timestamp,
    form: &Form,
) -> PageResult {
    let organizer = StaffView {
        user_id: by.user_id.0,
        login: by.login.clone(),
        who: by.who.clone().unlinked(),
        role: StaffRole::Organizer,
        tracks: Vec::new(),
    };
    let typed = form.fields().iter().filter(|(name, _)| name != "then");
    show(&EventPage {
        staff: vec![organizer],
        is_signed_in: true,
        typed: Some(typed.cloned().collect()),
        ..EventPage::of(hackathon, now)
    })
}

/// Returns whether a person is invited to a survey of a hackathon that is open.
async fn is_surveyed(context: &Context, seen: &SeenHackathon) -> Result<bool, DbError> {
    let steps = seen.hackathon.steps();
    match (&seen.viewer, window(&steps, context.now())) {
        (Some(viewer), Window::Open(_)) => {
            let (db, id) = (&context.db, seen.hackathon.key());
            Ok(reads::survey_for(db, id, viewer.user_id).await?.is_some())
        }
        _ => Ok(false),
    }
}

/// Returns the address of the calendar file. Those who take part in a private hackathon have one of their own, to which calendars can
/// subscribe without a session.
fn calendar(seen: &SeenHackathon, post: &Post) -> String {
    let takes_part = (seen.application.as_ref()).is_some_and(|own| own.status.is_open());
    let is_private = seen.hackathon.visibility == Visibility::Private;
    match &seen.viewer {
        Some(viewer) if is_private && (takes_part || seen.role.is_some()) => {
            let keys = post.ring.keys();
            let token = token(keys.emails(), seen.hackathon.key(), viewer.user_id);
            format!("/hackathon-calendars/{token}")
        }
        _ => {
            let (address, kept) = (seen.hackathon.address(), seen.kept_invitation());
            format!("{address}/calendar.ics{kept}")
        }
    }
}

/// Returns the phases of a hackathon with their dates.
fn phases(card: &HackathonCard) -> Vec<PhaseRow> {
    let dates = card.timeline;
    let span = |from, to| format!("{} to {}", card.at(&from), card.at(&to));
    let row = |label, from, to| PhaseRow {
        label,
        dates: span(from, to),
        is_done: card.now >= to,
        is_current: card.phase != Phase::Canceled && card.now >= from && card.now < to,
    };
    let mut rows = vec![
        row("Applications", dates.application_opens_at, dates.application_closes_at),
        row("Submission", dates.submission_opens_at, dates.submission_closes_at),
    ];
    if dates.has_judging() {
        rows.push(row("Judging", dates.judging_opens_at, dates.judging_closes_at));
    }
    let is_done = matches!(card.phase, Phase::Completed | Phase::Archived);
    rows.push(PhaseRow {
        label: "Results",
        dates: if is_done { "Published".to_owned() } else { "Afterwards".to_owned() },
        is_done,
        is_current: card.phase == Phase::JudgingClosed,
    });
    rows
}
