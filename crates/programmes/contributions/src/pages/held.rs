//! The page that shows a person what is held against them.

use askama::Template;
use axum::extract::State;
use identity::access::EvenBanned;
use kernel::Timestamp;
use platform::{Context, web::cursor_after};
use serde::Deserialize;
use ui::{
    PageResult, QueryString, Tag,
    format::{Instant, Signed, segment},
    show,
};

use super::{
    disputes::{DisputeRow, days_left, tag},
    pulls::PullLink,
};
use crate::{
    FLAG,
    model::{DisputeKind, FlagEffect, SanctionKind},
    reads::{self, Contest, HeldBan, HeldFlag, HeldPull, HeldPulls, HeldSanction},
    rules::fair_play::GamingSign,
};

/// The number of pull requests per page, and of disputes on the first page.
const ROWS: i64 = 25;

/// The cursor of the pull requests.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct HeldCursor {
    after: String,
}

pub(super) struct ContestWay {
    /// The number and the state of the person's dispute.
    pub(super) dispute: Option<(i64, Tag)>,
    /// The path of the form, while it can be contested.
    pub(super) address: Option<String>,
    /// The last instant at which it can be contested.
    pub(super) until: Instant,
    pub(super) left: String,
}

impl ContestWay {
    pub(super) fn of(
        contest: &Contest,
        (kind, target): (DisputeKind, &str),
        now: Timestamp,
    ) -> Self {
        let (kind, target) = (kind.as_str(), segment(target));
        Self {
            dispute: contest.dispute.map(|(number, state)| (number, tag(state))),
            address: contest
                .is_open(now)
                .then(|| format!("/disputes/new?kind={kind}&target={target}")),
            until: Instant(contest.until),
            left: days_left(contest.until, now),
        }
    }
}

/// A decision that is held against the person.
struct HeldDecision {
    heading: String,
    address: Option<String>,
    state: Tag,
    /// The evidence, as sentences.
    evidence: Vec<String>,
    reason: String,
    decided: Instant,
    ask: String,
    ask_address: Option<String>,
    way: ContestWay,
}

impl HeldDecision {
    fn flag(flag: HeldFlag, now: Timestamp) -> Self {
        let target = format!("F-{}", flag.number);
        let (class, word) = match flag.effect {
            None => ("t-azure", "Confirmed"),
            Some(FlagEffect::NoPoints) => ("t-gules", "No points"),
            Some(FlagEffect::Spam) => ("t-gules", "Spam"),
        };
        Self {
            heading: format!("{} ({target})", flag.kind.heading()),
            address: None,
            state: Tag { class, word },
            evidence: flag.signs.into_iter().map(GamingSign::sentence).collect(),
            reason: flag.reason,
            decided: Instant(flag.decided_at),
            ask: "a moderator".to_owned(),
            ask_address: None,
            way: ContestWay::of(&flag.contest, (DisputeKind::Flag, &target), now),
        }
    }

    fn sanction(sanction: HeldSanction, now: Timestamp) -> Self {
        let (class, word) = match sanction.kind {
            SanctionKind::Warning => ("t-or", "Warning"),
            SanctionKind::Disqualification => ("t-gules", "Disqualified"),
        };
        let target = sanction.id.to_string();
        let address = format!("/seasons/{}", sanction.slug);
        Self {
            heading: sanction.season,
            address: Some(address.clone()),
            state: Tag { class, word },
            evidence: Vec::new(),
            reason: sanction.reason,
            decided: Instant(sanction.decided_at),
            ask: "the season’s organizers".to_owned(),
            ask_address: Some(address),
            way: ContestWay::of(&sanction.contest, (DisputeKind::Sanction, &target), now),
        }
    }
}

struct OwnBan {
    login: String,
    /// When it ends; absent if it lasts until it is lifted.
    until: Option<Instant>,
    held: HeldDecision,
}

impl OwnBan {
    fn of(ban: HeldBan, login: String, now: Timestamp) -> Self {
        let target = ban.id.to_string();
        Self {
            login,
            until: ban.ends_at.map(Instant),
            held: HeldDecision {
                heading: "Ban".to_owned(),
                address: None,
                state: Tag { class: "t-gules", word: "Banned" },
                evidence: Vec::new(),
                reason: ban.reason,
                decided: Instant(ban.decided_at),
                ask: "the server’s admins".to_owned(),
                ask_address: None,
                way: ContestWay::of(&ban.contest, (DisputeKind::Ban, &target), now),
            },
        }
    }
}

/// A pull request that earns nothing.
struct UnscoredPull {
    link: PullLink,
    project: String,
    points: Signed,
    reasons: Vec<String>,
    /// The number of the flag that is contested instead.
    flag: Option<i64>,
    way: ContestWay,
}

impl UnscoredPull {
    fn of(held: HeldPull, flags: &[HeldFlag], now: Timestamp) -> Self {
        let target = format!("{}#{}", held.pull.full_name, held.pull.number);
        // One decision is contested in one place.
        let is_contestable = |number: &i64| {
            let mut contests =
                flags.iter().filter(|flag| flag.number == *number).map(|flag| flag.contest);
            contests.any(|contest| contest.dispute.is_some() || contest.is_open(now))
        };
        Self {
            link: PullLink::of(&held.pull),
            project: held.project,
            points: Signed(held.points),
            reasons: held.reasons,
            flag: held.flag.filter(|_| held.contest.dispute.is_none()).filter(is_contestable),
            way: ContestWay::of(&held.contest, (DisputeKind::Score, &target), now),
        }
    }
}

#[derive(Template)]
#[template(path = "held.html")]
struct HeldPage {
    /// The person's ban. Nothing else is held against them here while they are banned, except their disputes.
    ban: Option<OwnBan>,
    /// The person's own disputes, newest first.
    disputes: Vec<DisputeRow>,
    flags: Vec<HeldDecision>,
    sanctions: Vec<HeldDecision>,
    pulls: Vec<UnscoredPull>,
    /// False while the person is banned, or the program is off.
    lists_pulls: bool,
    is_first: bool,
    next: Option<String>,
    now: Instant,
}

/// `GET /me/standing`.
pub(super) async fn held(
    State(context): State<Context>,
    EvenBanned(viewer): EvenBanned,
    QueryString(place): QueryString<HeldCursor>,
) -> PageResult {
    let (db, person, now) = (&context.db, viewer.user_id, context.now());
    let after = ui::paging::place(&place.after)?;
    let is_first = after.is_none();
    let disputes =
        if is_first { reads::own_disputes(db, person, None, ROWS).await? } else { Vec::new() };
    let ban = match viewer.ban {
        Some(_) => reads::held_ban(db, person, now).await?,
        None => None,
    };
    let flags = match ban {
        Some(_) => Vec::new(),
        None => reads::held_flags(db, person).await?,
    };
    // The pages of seasons and pull requests are those of the program.
    let lists_pulls = ban.is_none() && ui::frame::shows(FLAG);
    let sanctions =
        if is_first && lists_pulls { reads::held_sanctions(db, person).await? } else { Vec::new() };
    let pulls = if lists_pulls {
        reads::held_pulls(db, person, after, ROWS).await?
    } else {
        HeldPulls::default()
    };
    let of_pull = |pull| UnscoredPull::of(pull, &flags, now);
    show(&HeldPage {
        pulls: pulls.items.into_iter().map(of_pull).collect(),
        lists_pulls,
        ban: ban.map(|ban| OwnBan::of(ban, viewer.login, now)),
        disputes: disputes.into_iter().map(|dispute| DisputeRow::of(dispute, now)).collect(),
        flags: if is_first {
            flags.into_iter().map(|flag| HeldDecision::flag(flag, now)).collect()
        } else {
            Vec::new()
        },
        sanctions: sanctions
            .into_iter()
            .map(|sanction| HeldDecision::sanction(sanction, now))
            .collect(),
        is_first,
        next: pulls.next.map(cursor_after),
        now: Instant(now),
    })
}
