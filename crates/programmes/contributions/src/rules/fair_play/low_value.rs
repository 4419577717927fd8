//! Short changes of texts in many repositories, pull requests that maintainers marked, and work scattered over repositories
//! whose maintainers do not want it.

use super::{
    Activity, Finding, FindingKind, PullActivity,
    activity::repositories,
    signs::{Measure, Sign, reaches, share},
};

/// The number of short texts, of repositories, and the share of a person's pull requests, in percent.
const TEXTS: usize = 5;
const REPOSITORIES: usize = 5;
const SHARE: usize = 50;
/// The marked pull requests that suffice by themselves, and their share, in percent.
const MARKED: usize = 2;
const MARKED_SHARE: usize = 50;
/// The pull requests and repositories of a person who scatters work, and the shares that show that it is unwelcome, in
/// percent. Of a fix that is welcome everywhere, most is reviewed, and about a tenth is closed.
const SCATTERED: usize = 8;
const PLACES: usize = 6;
const UNREVIEWED: usize = 55;
const REFUSED: usize = 20;

/// Returns a finding for each such person.
pub(super) fn findings(activity: &Activity) -> Vec<Finding> {
    let people = activity.by_author().into_iter();
    people
        .filter_map(|(person, pulls)| {
            let found = texts(&pulls).or_else(|| marked(&pulls));
            let (pulls, signs) = found.or_else(|| scattered(&pulls))?;
            Some(Finding::about(FindingKind::LowValue, [person], pulls, signs))
        })
        .collect()
}

type Signed<'a> = (Vec<&'a PullActivity>, Vec<Sign>);

fn texts<'a>(pulls: &[&'a PullActivity]) -> Option<Signed<'a>> {
    let measure = Measure::ShortText;
    let texts = pulls.iter().copied().filter(|pull| measure.holds(pull));
    let texts: Vec<_> = texts.collect();
    let places = repositories(texts.iter().copied()).len();
    let (count, of) = (texts.len(), pulls.len());
    let is_found = count >= TEXTS && places >= REPOSITORIES && reaches(count, of, SHARE);
    let spread = Sign::Spread { count, repositories: places };
    is_found.then(|| (texts, vec![spread, Sign::Share { measure, count, of }]))
}

fn marked<'a>(pulls: &[&'a PullActivity]) -> Option<Signed<'a>> {
    let marked: Vec<_> = pulls.iter().copied().filter(|pull| pull.is_marked).collect();
    let (count, of) = (marked.len(), pulls.len());
    let is_habit = count >= MARKED && reaches(count, of, MARKED_SHARE);
    let measure = Measure::Refused;
    is_habit.then(|| (marked, vec![Sign::Share { measure, count, of }]))
}

/// Returns all pull requests, if they are scattered over repositories whose maintainers hardly review and often refuse them.
fn scattered<'a>(pulls: &[&'a PullActivity]) -> Option<Signed<'a>> {
    let places = repositories(pulls.iter().copied()).len();
    let spread = Sign::Spread { count: pulls.len(), repositories: places };
    let unreviewed = share(pulls, Measure::Unreviewed, UNREVIEWED)?;
    let refused = share(pulls, Measure::Refused, REFUSED)?;
    let is_found = pulls.len() >= SCATTERED && places >= PLACES;
    is_found.then(|| (pulls.to_vec(), vec![spread, unreviewed, refused]))
}
