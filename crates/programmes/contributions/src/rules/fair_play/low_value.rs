//! Short changes of texts in many repositories, pull requests that maintainers marked, and work scattered over repositories
//! whose maintainers do not want it.

use super::{
    FindingKind, GamingFinding, PeriodActivity, PullActivity,
    activity::repositories,
    signs::{GamingSign, PullProperty, reaches, share},
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
pub(super) fn findings(activity: &PeriodActivity) -> Vec<GamingFinding> {
    let people = activity.by_author().into_iter();
    people
        .filter_map(|(person, pulls)| {
            let found = texts(&pulls).or_else(|| marked(&pulls));
            let (pulls, signs) = found.or_else(|| scattered(&pulls))?;
            Some(GamingFinding::about(FindingKind::LowValue, [person], pulls, signs))
        })
        .collect()
}

type PullsWithSigns<'a> = (Vec<&'a PullActivity>, Vec<GamingSign>);

fn texts<'a>(pulls: &[&'a PullActivity]) -> Option<PullsWithSigns<'a>> {
    let measure = PullProperty::ShortText;
    let texts = pulls.iter().copied().filter(|pull| measure.holds(pull));
    let texts: Vec<_> = texts.collect();
    let places = repositories(texts.iter().copied()).len();
    let (count, of) = (texts.len(), pulls.len());
    let is_found = count >= TEXTS && places >= REPOSITORIES && reaches(count, of, SHARE);
    let spread = GamingSign::Spread { count, repositories: places };
    is_found.then(|| (texts, vec![spread, GamingSign::Share { measure, count, of }]))
}

fn marked<'a>(pulls: &[&'a PullActivity]) -> Option<PullsWithSigns<'a>> {
    let marked: Vec<_> = pulls.iter().copied().filter(|pull| pull.is_marked).collect();
    let (count, of) = (marked.len(), pulls.len());
    let is_habit = count >= MARKED && reaches(count, of, MARKED_SHARE);
    let measure = PullProperty::Refused;
    is_habit.then(|| (marked, vec![GamingSign::Share { measure, count, of }]))
}

/// Returns all pull requests, if they are scattered over repositories whose maintainers hardly review and often refuse them.
fn scattered<'a>(pulls: &[&'a PullActivity]) -> Option<PullsWithSigns<'a>> {
    let places = repositories(pulls.iter().copied()).len();
    let spread = GamingSign::Spread { count: pulls.len(), repositories: places };
    let unreviewed = share(pulls, PullProperty::Unreviewed, UNREVIEWED)?;
    let refused = share(pulls, PullProperty::Refused, REFUSED)?;
    let is_found = pulls.len() >= SCATTERED && places >= PLACES;
    is_found.then(|| (pulls.to_vec(), vec![spread, unreviewed, refused]))
}
