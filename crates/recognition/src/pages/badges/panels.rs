//! Panels of a person's badges: on the page of all badges with the progress toward others, and on their profile.

use askama::Template;
use identity::model::UserId;
use platform::{
    Context,
    db::DbError,
    module::{Panel, PanelPerson, PanelPlace, PanelRequest, PanelView},
    web::WebError,
};
use ui::{
    format::{Instant, Number, segment},
    html,
};

use super::{Medal, share, stored};
use crate::{
    Facts, Programmes,
    model::BadgeRow,
    reads::{self, BadgeOfPerson, OwnBadge},
    rules::badges::{Achieved, Progress, current_streak},
};

/// The panel on the page of all badges.
pub(in crate::pages) const OWN: Panel = Panel {
    place: PanelPlace::OwnPart,
    order: 30,
    render: |context, request| Box::pin(own(context, request)),
};

/// The panel on a profile.
pub(in crate::pages) const OF_PERSON: Panel = Panel {
    place: PanelPlace::Profile,
    order: 7,
    render: |context, request| Box::pin(of_person(context, request)),
};

/// The number of badges shown, with a link to all.
const SHOWN: usize = 6;
/// The number of badges whose progress is shown.
const NEXT: usize = 3;

/// The path of the page of all badges.
const PAGE: &str = "/badges";

/// A badge that a person has.
struct Earned {
    slug: String,
    name: String,
    /// True if everyone is shown it, so that it has a page.
    is_public: bool,
    rarity: &'static str,
    medal: Medal,
}

impl Earned {
    fn of(badge: &BadgeRow) -> Self {
        Self {
            slug: badge.slug.clone(),
            name: badge.name.clone(),
            is_public: badge.is_public(),
            rarity: badge.rarity.heading(),
            medal: Medal::of(badge.rarity, &stored(badge)),
        }
    }
}

/// A badge on a profile.
struct Held {
    badge: Earned,
    /// The share of people with points who have it, such as "16%".
    share: String,
    at: Instant,
}

/// A badge that the person can earn next.
struct Next {
    slug: String,
    name: String,
    progress: Progress,
}

#[derive(Template)]
#[template(path = "panel_own_badges.html")]
struct OwnBadgesPanel {
    address: String,
    badges: Vec<Earned>,
    /// The number of all badges of the person.
    count: usize,
    next: Vec<Next>,
    streak: u32,
}

async fn own(context: &Context, request: &PanelRequest) -> Result<Option<PanelView>, WebError> {
    let Some(person) = request.person.as_ref().filter(|_| request.path == PAGE) else {
        return Ok(None);
    };
    let programmes: Programmes = request.extensions.get().copied().unwrap_or_default();
    let all = reads::badges_for_person(&context.db, person.id.into()).await?;
    let achieved = achieved(context, programmes, person.id.into()).await?;
    let is_open = |it: &&BadgeOfPerson| it.awarded_at.is_none() && it.badge.retired_at.is_none();
    let open = all.iter().filter(is_open).map(|it| &it.badge);
    let next = next(context, open, &achieved);
    let earned = all.iter().filter(|it| it.awarded_at.is_some());
    let mut badges: Vec<Earned> = earned.map(|it| Earned::of(&it.badge)).collect();
    let count = badges.len();
    badges.truncate(SHOWN);
    let panel = OwnBadgesPanel {
        address: format!("/people/{}#badges", segment(&person.login)),
        badges,
        count,
        next,
        streak: current_streak(&achieved, context.now()),
    };
    Ok(Some(PanelView { html: html(&panel)?, ..PanelView::default() }))
}

async fn achieved(
    context: &Context,
    programmes: Programmes,
    person: UserId,
) -> Result<Achieved, DbError> {
    let facts = Facts::Current(&context.db);
    let achievements = programmes.achievements(facts, &[person]).await?;
    Ok(Achieved::of(achievements))
}

/// Returns the badges that the person is closest to, one for each kind of criteria.
fn next<'a>(
    context: &Context,
    badges: impl Iterator<Item = &'a BadgeRow>,
    achieved: &Achieved,
) -> Vec<Next> {
    let measured = badges.filter_map(|badge| {
        let criteria = stored(badge);
        let progress = Progress::of(&criteria, achieved, context.now())?;
        Some((std::mem::discriminant(&criteria), badge, progress))
    });
    let mut measured: Vec<_> = measured.collect();
    measured.sort_by(|(_, a, left), (_, b, right)| {
        let (left, right) = (left.done * right.span, right.done * left.span);
        right.cmp(&left).then_with(|| a.slug.cmp(&b.slug))
    });
    let (mut next, mut kinds) = (Vec::new(), Vec::new());
    for (kind, badge, progress) in measured {
        if next.len() < NEXT && !kinds.contains(&kind) {
            kinds.push(kind);
            next.push(Next { slug: badge.slug.clone(), name: badge.name.clone(), progress });
        }
    }
    next
}

#[derive(Template)]
#[template(path = "panel_badges.html")]
struct BadgesPanel {
    badges: Vec<Held>,
    /// The folded ones.
    more: Vec<Held>,
    /// The number of people with points.
    people: Number,
}

/// Shows the badges of a person, the latest first; nothing for a person without badges.
async fn of_person(
    context: &Context,
    request: &PanelRequest,
) -> Result<Option<PanelView>, WebError> {
    let shown = request.person.as_ref().filter(|_| !request.hides("badges"));
    let Some(PanelPerson { id, .. }) = shown else {
        return Ok(None);
    };
    let own = reads::badges_of_person(&context.db, (*id).into()).await?;
    if own.is_empty() {
        return Ok(None);
    }
    let all = reads::badge_holders(&context.db).await?;
    let held = |own: &OwnBadge| Held {
        badge: Earned::of(&own.badge),
        share: share(all.share(own.badge.id)),
        at: Instant(own.awarded_at),
    };
    let mut badges: Vec<Held> = own.iter().map(held).collect();
    let more = badges.split_off(badges.len().min(SHOWN));
    let html = html(&BadgesPanel { badges, more, people: Number(all.people) })?;
    Ok(Some(PanelView { html, is_aside: true, ..PanelView::default() }))
}
