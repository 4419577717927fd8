//! The part of the visitors' page: the season that runs or opens next, and the latest merges.

use std::{cmp::Reverse, collections::HashSet};

use chrono::TimeDelta;
use kernel::{Timestamp, plain_title};
use platform::{
    Context,
    module::{EventMoment, Front, FrontEvent, FrontMoment, MOST_EVENTS},
    web::WebError,
};
use recognition::{
    model::MERGE_REASON,
    reads::{LatestAward, latest_awards},
};
use ui::format::segment;

use super::{front_words::together, pulls::PullLink};
use crate::reads::{self, SeasonWithPeople};

/// The number of merges shown, and that of first merges among them.
const MERGES: usize = 4;
const FIRST: usize = 2;

/// The number of latest merges among which those of different people are found.
const LATEST: i64 = 40;

/// The number of days for which a season is shown after its end.
const AFTER: i64 = 45;

/// Reads the part.
pub(crate) async fn front(context: &Context) -> Result<Front, WebError> {
    let now = context.now();
    let since = now.date_naive() - TimeDelta::days(AFTER + 1);
    let seasons = reads::seasons_with_people(&context.db, since, MOST_EVENTS).await?;
    Ok(Front {
        running: seasons.iter().filter_map(|season| event(season, now)).collect(),
        moments: merges(context).await?,
        ..Front::default()
    })
}

/// Describes a season, unless it is canceled or was over long ago.
fn event(found: &SeasonWithPeople, now: Timestamp) -> Option<FrontEvent> {
    let season = &found.season;
    let days = season.days();
    let state = season.state(now);
    let (moment, date) = (state.moment(), state.date(days, now)?);
    let takes_people = season.takes_registrations(now);
    let action = match moment {
        EventMoment::Past if now - days.end() < TimeDelta::days(AFTER) => "See the results",
        EventMoment::Past => return None,
        EventMoment::Running if takes_people => "Take part",
        EventMoment::Coming if takes_people => "Register",
        EventMoment::Running | EventMoment::Coming => "See the season",
    };
    // Before the first day there is nothing to reach.
    let goal = if moment == EventMoment::Coming { 0 } else { season.goal };
    let (progress, aside) = together(goal, [found.people, found.reached, found.merged]);
    Some(FrontEvent {
        title: season.name.clone(),
        address: format!("/seasons/{}", segment(&season.slug)),
        line: season.description.lines().next().unwrap_or_default().chars().take(160).collect(),
        moment,
        date,
        takes_people,
        action,
        progress,
        note: String::new(),
        aside,
        picture: ("season", season.slug.clone()),
        stored: None,
    })
}

/// Lists the latest merges that earned points, each by another person, with the latest first ones.
async fn merges(context: &Context) -> Result<Vec<FrontMoment>, WebError> {
    let mut found = latest_awards(&context.db, MERGE_REASON, LATEST).await?;
    found.sort_by_key(|award| Reverse(award.occurred_at));
    let mut people = HashSet::new();
    found.retain(|award| people.insert(award.user_id));
    let (first, others): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|award| award.is_first != 0);
    let chosen: Vec<LatestAward> =
        first.into_iter().take(FIRST).chain(others.into_iter().take(MERGES)).collect();
    let ids = chosen.iter().map(|award| award.source_id.into());
    let pulls = github::reads::pull_requests(&context.db, ids).await?;
    let moment = |award: &LatestAward| {
        let pull = pulls.get(&award.source_id)?;
        let link = PullLink::of(pull);
        let name = pull.full_name.rsplit('/').next().unwrap_or_default();
        let (kind, what) = match award.is_first {
            0 => ("merge", "a pull request"),
            _ => ("first merge", "their first pull request"),
        };
        Some(FrontMoment {
            at: award.occurred_at,
            kind,
            person: Some(award.user_id),
            words: format!("had {what} merged in {name}"),
            link: (plain_title(&link.title), link.address),
            line: String::new(),
            picture: None,
            stored: None,
            people: Vec::new(),
        })
    };
    Ok(chosen.iter().filter_map(moment).collect())
}
