//! People who approve and merge each other's pull requests without reading them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use identity::model::UserId;

use super::{
    FindingKind, GamingFinding, PeriodActivity, PullActivity, repositories,
    signs::{GamingSign, PullProperty, reaches, share},
};

/// A tie has at least this many pull requests, and a ring at least this many within it.
const TIE: usize = 2;
const RING: usize = 5;
/// Fewer short pull requests are no sign: two maintainers approve some of each other by chance.
const SHORT_RING: usize = 10;
/// Larger groups are whole communities.
const MEMBERS: usize = 12;
/// A hackathon, a sprint or a free week is over sooner.
const TIME: TimeDelta = TimeDelta::days(10);
/// The least shares of pull requests, in percent. A ring asks for a change now and then, to look honest, and more often of
/// one member than of another: one tie may be discussed more than all of them.
const AMONG: usize = 50;
const TIE_UNDISCUSSED: usize = 50;
const UNDISCUSSED: usize = 65;
const WAVED: usize = 80;
const QUICK: usize = 60;
const SHORT: usize = 90;

/// The pull requests of an author that a person approved or merged, by (person, author).
type EndorsedPulls<'a> = BTreeMap<(UserId, UserId), Vec<&'a PullActivity>>;

/// Returns a finding for each ring, about pull requests that no one outside of it approved or merged. Those of repositories
/// that look made to be farmed are left out.
pub(super) fn findings(activity: &PeriodActivity) -> Vec<GamingFinding> {
    let junk = repositories::junk(activity);
    let mut endorsed: EndorsedPulls<'_> = BTreeMap::new();
    let merged: Vec<&PullActivity> = activity
        .pulls
        .iter()
        .filter(|pull| pull.is_merged && !pull.is_own && !junk.contains(&pull.repository))
        .collect();
    for pull in merged.iter().copied() {
        for endorser in pull.endorsers() {
            endorsed.entry((endorser, pull.author)).or_default().push(pull);
        }
    }
    endorsed.retain(|_, pulls| is_tie(pulls));
    let mut authored = BTreeMap::new();
    for pull in &merged {
        *authored.entry(pull.author).or_default() += 1;
    }
    let found = circles(&endorsed).into_iter();
    found
        .filter(|people| people.len() <= MEMBERS)
        .filter_map(|people| finding(&endorsed, &authored, &people))
        .collect()
}

/// Returns whether the approvals of one author by one person look like a formality.
fn is_tie(pulls: &[&PullActivity]) -> bool {
    let is_formal = share(pulls, PullProperty::ApprovedQuickly, QUICK).is_some()
        || share(pulls, PullProperty::Short, SHORT).is_some();
    pulls.len() >= TIE
        && is_formal
        && share(pulls, PullProperty::Undiscussed, TIE_UNDISCUSSED).is_some()
}

/// Returns the groups in which everyone is reached from everyone by ties.
fn circles(endorsed: &EndorsedPulls<'_>) -> Vec<BTreeSet<UserId>> {
    let (mut ahead, mut back) = (BTreeMap::new(), BTreeMap::new());
    for (endorser, author) in endorsed.keys() {
        add(&mut ahead, *endorser, *author);
        add(&mut back, *author, *endorser);
    }
    let (mut seen, mut circles) = (BTreeSet::new(), Vec::new());
    for person in ahead.keys() {
        if seen.contains(person) {
            continue;
        }
        let others = reached(&back, *person);
        let circle: BTreeSet<UserId> =
            reached(&ahead, *person).intersection(&others).copied().collect();
        seen.extend(circle.iter().copied());
        if circle.len() > 1 {
            circles.push(circle);
        }
    }
    circles
}

type EndorsementTies = BTreeMap<UserId, BTreeSet<UserId>>;

fn add(ties: &mut EndorsementTies, from: UserId, to: UserId) {
    ties.entry(from).or_default().insert(to);
}

fn reached(ties: &EndorsementTies, from: UserId) -> BTreeSet<UserId> {
    let mut reached = BTreeSet::from([from]);
    let mut next = vec![from];
    while let Some(person) = next.pop() {
        let further = ties.get(&person).into_iter().flatten();
        next.extend(further.filter(|person| reached.insert(**person)));
    }
    reached
}

fn finding(
    endorsed: &EndorsedPulls<'_>,
    authored: &BTreeMap<UserId, usize>,
    people: &BTreeSet<UserId>,
) -> Option<GamingFinding> {
    let within = endorsed
        .iter()
        .filter(|((endorser, author), _)| people.contains(endorser) && people.contains(author));
    let mut pulls: Vec<_> = within
        .flat_map(|(_, pulls)| pulls.iter().copied())
        .filter(|pull| pull.endorsers().is_subset(people))
        .collect();
    pulls.sort_by_key(|pull| (pull.opened_at, pull.id));
    pulls.dedup_by_key(|pull| pull.id);
    let all = people.iter().filter_map(|person| authored.get(person));
    let among = among(pulls.len(), all.sum())?;
    let lasts = pulls.last()?.opened_at - pulls.first()?.opened_at >= TIME;
    let mut signs = signs(&pulls, people.len()).filter(|_| lasts)?;
    signs.insert(1, among);
    let people = people.iter().copied();
    Some(GamingFinding::about(FindingKind::ApprovalRing, people, pulls, signs))
}

/// Returns the sign that most of what people contribute is merged among them alone. Maintainers review for everyone, and
/// students have a teacher.
fn among(count: usize, of: usize) -> Option<GamingSign> {
    let measure = PullProperty::AmongThemselves;
    reaches(count, of, AMONG).then_some(GamingSign::Share { measure, count, of })
}

fn signs(pulls: &[&PullActivity], members: usize) -> Option<Vec<GamingSign>> {
    let undiscussed = share(pulls, PullProperty::Undiscussed, UNDISCUSSED)?;
    let waved = share(pulls, PullProperty::Undiscussed, WAVED);
    let quick = waved.and_then(|_| share(pulls, PullProperty::ApprovedQuickly, QUICK));
    let short = (pulls.len() >= SHORT_RING).then(|| share(pulls, PullProperty::Short, SHORT));
    let short = short.flatten();
    let is_ring = pulls.len() >= RING && (quick.is_some() || short.is_some());
    let mutual = GamingSign::Mutual { count: pulls.len(), members };
    let signs = [Some(mutual), Some(undiscussed), quick, short];
    is_ring.then(|| signs.into_iter().flatten().collect())
}
