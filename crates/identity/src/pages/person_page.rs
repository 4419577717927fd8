//! The page of one person for moderators: who they are, what they hold in all modules, and what admins may do.

use askama::Template;
use axum::http::Extensions;
use kernel::{Timestamp, in_words};
use platform::{
    Context,
    audit::OPERATOR,
    module::{Modules, PanelFigure, PanelNow, PanelPerson, PanelPlace, PanelRequest, PanelView},
};
use ui::{
    Form, PageResult, Tag, Who,
    format::{Instant, Number, tame},
    show,
};

use super::people::other_kind;
use crate::{
    model::{Person, Role, Session, Viewer},
    reads::{self, Member, PastBan},
    rules::{CLOSED_LASTS, session_device, unknown_login},
};

/// The maximum number of bans shown.
const BANS: i64 = 20;

struct BanRow {
    state: Tag,
    reason: String,
    from: Instant,
    until: Option<Instant>,
    by: String,
}

impl From<PastBan> for BanRow {
    fn from(ban: PastBan) -> Self {
        let (class, word) = match (ban.is_current, ban.is_lift) {
            (true, _) => ("t-gules", "Banned"),
            (false, true) => ("t-vert", "Ban lifted"),
            (false, false) => ("t-sable", "Past ban"),
        };
        Self {
            state: Tag { class, word },
            reason: tame(&ban.reason),
            from: Instant(ban.created_at),
            until: ban.ends_at.map(Instant),
            by: ban.by.unwrap_or_else(|| OPERATOR.to_owned()),
        }
    }
}

struct SessionRow {
    device: String,
    network: String,
    begun: Instant,
    used: Instant,
}

impl From<Session> for SessionRow {
    fn from(session: Session) -> Self {
        Self {
            device: session_device(session.user_agent.as_deref()),
            network: session.address_prefix.unwrap_or_else(|| "–".to_owned()),
            begun: Instant(session.created_at),
            used: Instant(session.last_seen_at),
        }
    }
}

/// The end of a closed account.
struct Closed {
    at: Instant,
    /// The last day on which signing in restores it.
    until: Instant,
}

impl Closed {
    fn of(at: Timestamp) -> Self {
        Self { at: Instant(at), until: Instant(at + CLOSED_LASTS) }
    }
}

/// The part of the page that only admins see.
struct Private {
    /// The verified address.
    email: Option<String>,
    /// When the second factor was set up.
    factor: Option<Instant>,
    sessions: Vec<SessionRow>,
    last_seen: Option<Instant>,
}

impl Private {
    async fn of(context: &Context, member: &Member) -> Result<Self, platform::db::DbError> {
        let (db, id) = (&context.db, member.id.into());
        let sessions = reads::sessions(db, id, context.now()).await?;
        let factor = reads::second_factor(db, id).await?;
        Ok(Self {
            email: reads::verified_email(db, id).await?,
            factor: factor.map(|factor| Instant(factor.confirmed_at)),
            last_seen: sessions.first().map(|session| Instant(session.last_seen_at)),
            sessions: sessions.into_iter().map(Into::into).collect(),
        })
    }
}

#[derive(Template)]
#[template(path = "admin_person.html")]
struct PersonPage {
    id: String,
    who: Who,
    login: String,
    /// The kind of an account that is no person's: "Bot".
    kind: Option<String>,
    role: &'static str,
    seen: Instant,
    claimed: Option<Instant>,
    closed: Option<Closed>,
    is_banned: bool,
    /// True when the viewer may change the role and ban the person.
    may_change: bool,
    /// Shown to admins.
    private: Option<Private>,
    bans: Vec<BanRow>,
    points: PanelFigure,
    panels: Vec<PanelView>,
    now: Instant,
    form: Form,
    /// The change that was not made, if a form was refused.
    refused: &'static str,
}

impl PersonPage {
    fn figures(&self) -> Vec<&PanelFigure> {
        let of_modules = self.panels.iter().flat_map(|panel| &panel.figures);
        std::iter::once(&self.points).chain(of_modules).collect()
    }

    /// Returns what the person holds in all modules, in the words of each.
    fn holds(&self) -> Vec<(&'static str, Vec<&PanelNow>)> {
        let mut groups: Vec<(&'static str, Vec<&PanelNow>)> = Vec::new();
        for held in self.panels.iter().flat_map(|panel| &panel.now) {
            match groups.iter_mut().find(|(says, _)| *says == held.says) {
                Some((_, group)) => group.push(held),
                None => groups.push((held.says, vec![held])),
            }
        }
        groups
    }

    /// Returns the role that the person has, for the form that changes it.
    fn role_now(&self) -> String {
        format!("now: {}", in_words(self.role))
    }

    /// Returns whether there is anything to do on the page.
    fn has_actions(&self) -> bool {
        self.may_change || self.panels.iter().any(|panel| !panel.below.is_empty())
    }
}

/// Returns the all-time points, with their entries on the public page.
fn points(member: &Member) -> PanelFigure {
    let who = member.who();
    PanelFigure {
        label: "Points",
        value: Number(member.total_points).to_string(),
        detail: "all-time".to_owned(),
        rows: who.has_page.then(|| ("entries", format!("{}#points", who.address()))),
    }
}

/// Shows the page of a person, after a change that was refused with its form.
pub(super) async fn render(
    context: &Context,
    viewer: &Viewer,
    person: &Person,
    (form, refused): (Form, &'static str),
    extensions: Extensions,
) -> PageResult {
    let (db, now, id) = (&context.db, context.now(), person.id.into());
    let is_admin = viewer.acts_as(Role::Admin);
    let member = reads::account(db, id, now).await?;
    // Only admins may know who closed an account.
    let member = member.filter(|member| is_admin || member.closed_at.is_none());
    let member = member.ok_or_else(|| unknown_login(&person.login))?;
    let private = if is_admin { Some(Private::of(context, &member).await?) } else { None };
    let bans = reads::bans(db, id, now, BANS).await?;
    let modules: Modules = extensions.get().copied().unwrap_or_default();
    let request = PanelRequest {
        person: Some(PanelPerson { id: member.id, login: member.login.clone() }),
        extensions,
        ..PanelRequest::default()
    };
    show(&PersonPage {
        panels: modules.panels(context, PanelPlace::AdminPerson, &request).await?,
        may_change: is_admin && member.id != viewer.user_id.0 && member.closed_at.is_none(),
        id: member.id.to_string(),
        who: member.who(),
        kind: other_kind(member.kind),
        role: member.role.as_str(),
        seen: Instant(member.created_at),
        claimed: member.claimed_at.map(Instant),
        closed: member.closed_at.map(Closed::of),
        is_banned: member.ban.reason.is_some(),
        points: points(&member),
        login: member.login,
        private,
        bans: bans.into_iter().map(Into::into).collect(),
        now: Instant(now),
        form,
        refused,
    })
}
