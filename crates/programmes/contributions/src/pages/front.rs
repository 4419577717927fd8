//! The part of the visitors' page: the season that runs or opens next, the latest merges and the latest final season, and who
//! reviews the issues of projects.

use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
};

use chrono::TimeDelta;
use identity::model::ProfilePart;
use kernel::{Timestamp, plain_title};
use platform::{
    Context,
    module::{EventMoment, Front, FrontEvent, FrontMoment, FrontReviewer, MOST_EVENTS},
    web::WebError,
};
use recognition::{
    model::MERGE_REASON,
    reads::{LatestAward, latest_awards},
};
use ui::format::{Number, segment};
use uuid::Uuid;

use super::{
    front_words::{has_one_winner, part_of_maintainer, together},
    pulls::PullLink,
};
use crate::{
    model::SeasonId,
    reads::{self, ResultRow, SeasonView, SeasonWithPeople},
};

/// The number of merges that the page chooses from, and that of first merges.
const MERGES: usize = 12;
const FIRST: usize = 12;

/// The number of latest merges among which those of different people are found.
const LATEST: i64 = 200;

/// The number of days for which a season is shown after its end.
const AFTER: i64 = 45;

/// Reads the part.
pub(crate) async fn front(context: &Context) -> Result<Front, WebError> {
    let now = context.now();
    let since = now.date_naive() - TimeDelta::days(AFTER + 1);
    let seasons = reads::seasons_with_people(&context.db, since, MOST_EVENTS).await?;
    let mut moments = merges(context).await?;
    moments.extend(final_season(context, &seasons).await?);
    Ok(Front {
        running: seasons.iter().filter_map(|season| event(season, now)).collect(),
        moments,
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
            is_routine: award.is_first == 0,
            part: ProfilePart::Work.as_str(),
            person: Some(award.user_id),
            words: format!("had {what} merged in {name}"),
            link: (plain_title(&link.title), link.address),
            line: String::new(),
            picture: None,
            stored: None,
            people: Vec::new(),
            otherwise: None,
        })
    };
    Ok(chosen.iter().filter_map(moment).collect())
}

/// Reads who came first in the season whose results became final last, if that was lately.
async fn final_season(
    context: &Context,
    seasons: &[SeasonWithPeople],
) -> Result<Option<FrontMoment>, WebError> {
    let since = context.now() - TimeDelta::days(AFTER);
    let found = seasons.iter().map(|found| &found.season);
    let found = found.filter_map(|season| Some((season.signed_off_at?, season)));
    let last = found.filter(|(at, _)| *at >= since).max_by_key(|(at, _)| *at);
    let Some((at, season)) = last else {
        return Ok(None);
    };
    let results = reads::results(&context.db, SeasonId::new(season.id), 0, 2).await?;
    let ranks: Vec<i64> = results.iter().map(|row| row.rank).collect();
    let first = results.first().filter(|_| has_one_winner(&ranks));
    Ok(Some(made_final(season, at, first)))
}

/// Describes a season that became final: by the person who came first, otherwise by itself.
fn made_final(season: &SeasonView, at: Timestamp, first: Option<&ResultRow>) -> FrontMoment {
    let by_itself = FrontMoment {
        at,
        kind: "season",
        is_routine: false,
        part: ProfilePart::Results.as_str(),
        person: None,
        words: "is final".to_owned(),
        link: (season.name.clone(), format!("/seasons/{}", segment(&season.slug))),
        line: String::new(),
        picture: Some(("season", season.slug.clone())),
        stored: None,
        people: Vec::new(),
        otherwise: None,
    };
    let Some(first) = first else {
        return by_itself;
    };
    FrontMoment {
        person: Some(first.user_id),
        words: "won the season".to_owned(),
        line: Number(first.merged).of("merged pull request", "merged pull requests"),
        picture: None,
        otherwise: Some(Box::new(by_itself.clone())),
        ..by_itself
    }
}

/// Finds the maintainers of each repository, those who review before others.
pub(crate) async fn reviewers(
    context: &Context,
    repositories: Vec<Uuid>,
) -> Result<HashMap<Uuid, Vec<FrontReviewer>>, WebError> {
    let mut found = reads::maintainers_of_repositories(&context.db, repositories).await?;
    found.sort_by_key(|own| Reverse(own.has_reviewed));
    let mut reviewers: HashMap<Uuid, Vec<FrontReviewer>> = HashMap::new();
    for own in found {
        let words = part_of_maintainer(&own.project, own.has_reviewed != 0);
        let part = ProfilePart::Work.as_str();
        let reviewer = FrontReviewer { person: own.user_id, part, words };
        reviewers.entry(own.repository_id).or_default().push(reviewer);
    }
    Ok(reviewers)
}
